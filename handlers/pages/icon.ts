/** The favicon and the mark beside the name: a coin that somebody took a bite of. Served at /icon.svg. */
export const icon = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">',
  '<mask id="bite"><rect width="32" height="32" fill="#fff"/>',
  '<circle cx="27" cy="5.5" r="5"/><circle cx="31" cy="13" r="4.5"/><circle cx="20" cy="1" r="4"/></mask>',
  '<g mask="url(#bite)"><circle cx="16" cy="16" r="15" fill="#e8b13c"/>',
  '<circle cx="16" cy="16" r="11.5" fill="none" stroke="#8a5b0b" stroke-width="1.5"/></g>',
  '<path d="M19.5 12.2c-.8-1.2-2-1.7-3.6-1.7-2 0-3.4 1-3.4 2.6 0 3.7 7.2 1.9 7.2 5.7 0 1.7-1.5 2.7-3.7 2.7-1.8 0-3.2-.7-3.9-2M16 8.5v15"',
  ' fill="none" stroke="#5d3b03" stroke-width="2" stroke-linecap="round"/></svg>',
].join("");
