// Stands between the program and the C library (LD_PRELOAD) and makes faults that no ordinary user can make for real: a
// power cut, a full disk, a file system that turned read-only, a clock that jumps. faulty-machine.ts gives the orders.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// The orders, in a file that both sides map or write: they count from the next call on.
struct orders {
  int64_t clock_offset_s;
  int64_t room; // bytes that the database's files may still grow by; below 0 there is no limit
  int64_t error; // what every change in the folder fails with; 0 for none
};

// The journal: everything that was asked of the disk, in order. What follows a record's head: the name, then the bytes.
enum kind { WRITTEN = 1, TRUNCATED, SYNCED, CREATED, REMOVED, FOLDER_SYNCED };
struct record {
  int32_t kind;
  int32_t name_bytes;
  int64_t offset; // of a write; the new size of a truncated file
  int64_t bytes;
};

#define REAL(name)                                            \
  ({                                                          \
    static __typeof__(&name) found;                           \
    if (found == NULL) found = dlsym(RTLD_NEXT, #name);       \
    found;                                                    \
  })
#define MOST_FILES 1024
#define NOT_OURS NULL
static const char FOLDER[] = "";

static struct orders none = {0, -1, 0};
static struct orders *orders = &none;
static int journal = -1;
static const char *folder;
// By file descriptor: the name of a file of the database, FOLDER, or NOT_OURS.
static const char *names[MOST_FILES];
// What is done to the disk and what is written down about it stay in one order.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
  const char *orders_path = getenv("FAULTS_ORDERS"), *journal_path = getenv("FAULTS_JOURNAL");
  folder = getenv("FAULTS_FOLDER");
  if (orders_path == NULL || journal_path == NULL || folder == NULL) abort();
  int fd = REAL(open)(orders_path, O_RDWR | O_CLOEXEC);
  void *mapped = mmap(NULL, sizeof(struct orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  journal = REAL(open)(journal_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (mapped == MAP_FAILED || journal < 0) abort();
  REAL(close)(fd);
  orders = mapped;
}

// The name within the folder, FOLDER for itself, NOT_OURS for anything else.
static const char *name_in_folder(const char *path) {
  size_t length = folder == NULL ? 0 : strlen(folder);
  if (length == 0 || strncmp(path, folder, length) != 0) return NOT_OURS;
  if (path[length] == '\0') return FOLDER;
  return path[length] == '/' ? path + length + 1 : NOT_OURS;
}

// The database and its log. The index of the log ("-shm") is made anew after a power cut.
static int is_database(const char *name) {
  return name != NOT_OURS && strncmp(name, "wtmm.db", 7) == 0 && strstr(name, "-shm") == NULL;
}

static const char *name_of(int fd) { return fd >= 0 && fd < MOST_FILES ? names[fd] : NOT_OURS; }

static void note(enum kind kind, const char *name, int64_t offset, const void *bytes, size_t count) {
  struct record record = {kind, (int32_t)strlen(name), offset, (int64_t)count};
  struct iovec parts[] = {{&record, sizeof record}, {(void *)name, strlen(name)}, {(void *)bytes, count}};
  if (writev(journal, parts, 3) < 0) abort();
}

static int is_refused(void) {
  if (orders->error != 0) errno = (int)orders->error;
  return orders->error != 0;
}

typedef int opener(int, const char *, int, ...);

static int open_with(opener *opens, int at, const char *path, int flags, mode_t mode) {
  const char *name = name_in_folder(path);
  if (name == NOT_OURS) return opens(at, path, flags, mode);
  int is_new = access(path, F_OK) != 0;
  if (((flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC)) && is_refused()) return -1;
  // A full disk lets files be opened that are there already.
  if (is_new && (flags & O_CREAT) && orders->room == 0) return errno = ENOSPC, -1;
  pthread_mutex_lock(&lock);
  int fd = opens(at, path, flags, mode);
  if (fd >= 0 && fd < MOST_FILES && (name == FOLDER || is_database(name))) {
    names[fd] = name == FOLDER ? FOLDER : strdup(name);
    if (is_new && name != FOLDER) note(CREATED, name, 0, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  return fd;
}

#define MODE_OF(flags)                                        \
  mode_t mode = 0;                                            \
  if ((flags) & (O_CREAT | O_TMPFILE)) {                      \
    va_list rest;                                             \
    va_start(rest, flags);                                    \
    mode = va_arg(rest, mode_t);                              \
    va_end(rest);                                             \
  }

int open(const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_with(REAL(openat), AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_with(REAL(openat64), AT_FDCWD, path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_with(REAL(openat), at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_with(REAL(openat64), at, path, flags, mode);
}

int close(int fd) {
  if (fd >= 0 && fd < MOST_FILES) names[fd] = NOT_OURS;
  return REAL(close)(fd);
}

// How much of a write there is room for.
static size_t fitting(int fd, size_t count, off64_t offset) {
  struct stat64 file;
  if (orders->room < 0 || fstat64(fd, &file) != 0 || offset + (off64_t)count <= file.st_size) return count;
  int64_t growth = offset + (int64_t)count - file.st_size;
  if (growth <= orders->room) {
    orders->room -= growth;
    return count;
  }
  int64_t fits = (int64_t)count - growth + orders->room;
  orders->room = 0;
  return fits > 0 ? (size_t)fits : 0;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  const char *name = name_of(fd);
  if (name == NOT_OURS) return REAL(pwrite64)(fd, bytes, count, offset);
  if (is_refused()) return -1;
  pthread_mutex_lock(&lock);
  ssize_t done = -1;
  size_t fits = fitting(fd, count, offset);
  if (fits == 0 && count > 0) errno = ENOSPC;
  else {
    note(WRITTEN, name, offset, bytes, fits);
    done = REAL(pwrite64)(fd, bytes, fits, offset);
  }
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

int ftruncate64(int fd, off64_t size) {
  const char *name = name_of(fd);
  if (name == NOT_OURS) return REAL(ftruncate64)(fd, size);
  if (is_refused()) return -1;
  pthread_mutex_lock(&lock);
  note(TRUNCATED, name, size, NULL, 0);
  int result = REAL(ftruncate64)(fd, size);
  pthread_mutex_unlock(&lock);
  return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

// Written down when it is done: nobody was told before that.
static int sync_with(int (*syncs)(int), int fd) {
  const char *name = name_of(fd);
  if (name == NOT_OURS) return syncs(fd);
  if (is_refused()) return -1;
  pthread_mutex_lock(&lock);
  int result = syncs(fd);
  if (result == 0) note(name == FOLDER ? FOLDER_SYNCED : SYNCED, name, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int fsync(int fd) { return sync_with(REAL(fsync), fd); }
int fdatasync(int fd) { return sync_with(REAL(fdatasync), fd); }

int unlink(const char *path) {
  const char *name = name_in_folder(path);
  if (name == NOT_OURS) return REAL(unlink)(path);
  if (is_refused()) return -1;
  pthread_mutex_lock(&lock);
  int result = REAL(unlink)(path);
  if (result == 0 && is_database(name)) note(REMOVED, name, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = REAL(clock_gettime)(clock, now);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  now->tv_sec += orders->clock_offset_s;
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = REAL(gettimeofday)(now, zone);
  if (result == 0) now->tv_sec += orders->clock_offset_s;
  return result;
}

time_t time(time_t *place) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (place != NULL) *place = now.tv_sec;
  return now.tv_sec;
}
