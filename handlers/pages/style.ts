/** The one stylesheet, served at /style.css. It reaches for nothing outside itself: no fonts, no images. */
export const style = `:root{color-scheme:light dark;
--paper:light-dark(#f5f1e8,#13181a);--card:light-dark(#fffdf8,#1b2225);--ink:light-dark(#1c2427,#ece8df);--soft:light-dark(#566062,#a8b2b2);
--line:light-dark(#dfd7c7,#323c40);--edge:light-dark(#8b8778,#77858a);--accent:light-dark(#0b6150,#7ed9bf);--on:light-dark(#fff,#06251d);
--now:light-dark(#b23f17,#ff9c70);--mark:light-dark(#ffe28a,#6a4f0c);--wash:light-dark(#f7e6da,#33251d);--bad:light-dark(#a5231c,#ff9d92);
--serif:ui-serif,Charter,"Bitstream Charter","Sitka Text",Cambria,serif}
*,::before,::after{box-sizing:border-box}
html{font:100%/1.5 system-ui,sans-serif;background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;scroll-padding:1rem 0 6rem}
body{margin:0;min-height:100vh;min-height:100svh;display:flex;flex-direction:column;overflow-wrap:anywhere}
header,main,footer{width:100%;max-width:70rem;margin:0 auto;padding:0 clamp(.75rem,3vw,2rem)}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1rem;padding-block:.75rem}
main{flex:1;padding-bottom:2rem}main:focus{outline:0}
footer{padding-block:1rem 1.5rem;color:var(--soft);font-size:.875rem}
h1,h2,.big,.name{font-family:var(--serif);font-weight:600;line-height:1.2;margin:0}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-bottom:.75rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
p{margin:.5rem 0}ul,ol,dl{margin:0;padding:0;list-style:none}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--now);outline-offset:2px;border-radius:4px}
.name{display:flex;align-items:center;gap:.5rem;min-height:44px;margin-right:auto;font-size:1.1rem;color:inherit;text-decoration:none}
nav ul{display:flex;flex-wrap:wrap}
nav a{display:inline-flex;align-items:center;gap:.3rem;min-height:44px;padding:0 .7rem;color:inherit;text-decoration:none;border-radius:8px}
nav a:hover{background:var(--line)}nav [aria-current]{color:var(--accent);font-weight:600;text-decoration:underline;text-decoration-thickness:3px;text-underline-offset:.4em}
.badge{min-width:1.4em;padding:0 .35em;border-radius:1em;background:var(--now);color:var(--card);font-size:.8rem;text-align:center}
.skip{position:absolute;left:-99rem;padding:.75rem 1rem;background:var(--card);z-index:2}.skip:focus{left:.5rem;top:.5rem}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.card,.hint,.status{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.25rem clamp(.9rem,3vw,1.75rem);margin:0 0 1rem}
.hint{background:var(--wash);padding-block:.75rem}
.status{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:0 1rem;padding-block:.4rem;border-left:6px solid var(--accent)}
.soft{color:var(--soft);font-size:.925rem}.lead{font-size:1.2rem;max-width:34rem}
.big{font-size:clamp(2.4rem,9vw,3.5rem);font-variant-numeric:lining-nums tabular-nums;letter-spacing:-.02em;margin:.25rem 0}
.currency+.currency{border-top:1px solid var(--line);margin-top:1.5rem;padding-top:1rem}
.amount,.number{font-variant-numeric:tabular-nums;white-space:nowrap;text-align:right}.amount{font-weight:600}.back{color:var(--accent)}
.tag{border:1px solid var(--edge);border-radius:1em;padding:.05em .6em;font-size:.8rem;white-space:nowrap}
.rows li{position:relative;display:grid;grid-template-columns:1fr auto;gap:0 1rem;padding:.6rem 0;border-top:1px solid var(--line)}
.rows li:first-child{border:0}.rows a{color:inherit;font-weight:500;text-decoration-color:var(--edge)}.rows a::after{content:"";position:absolute;inset:0}
.rows .soft{grid-column:1/-1}
.sum{display:flex;justify-content:space-between;border-top:3px double var(--edge);padding-top:.5rem}
.steps{display:flex;justify-content:space-between;margin:.5rem -.7rem -.5rem}
.field{margin:0 0 1rem}label{display:block;font-weight:600;margin-bottom:.25rem}
input,select,button,.button,textarea{font:inherit;min-height:44px;border-radius:10px;padding:.5rem .9rem}
input,select,textarea{width:100%;color:inherit;background:var(--paper);border:1px solid var(--edge)}
[aria-invalid]{border:2px solid var(--bad)}.error{color:var(--bad);font-weight:600}
button,.button{display:inline-block;border:1px solid var(--accent);background:var(--accent);color:var(--on);font-weight:600;text-decoration:none;cursor:pointer}
button:hover,.button:hover{filter:brightness(1.12)}
.quiet{background:transparent;color:var(--accent);border-color:var(--edge);font-weight:500}.out .quiet{border-color:transparent;color:inherit}
.buttons{display:flex;flex-wrap:wrap;gap:.6rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;margin:.75rem 0}dt{color:var(--soft)}dd{margin:0;min-width:0}
.mail{border-left:3px solid var(--line);padding-left:1rem;margin-top:.75rem;font-size:.925rem}.mail p{margin:.15rem 0}
mark{background:var(--mark);color:inherit;border-radius:3px;padding:0 .15em;border-bottom:2px solid var(--now)}
.history li{padding:.5rem 0;border-top:1px solid var(--line)}.history li:first-child{border:0}.history p{margin:.1rem 0}
del{color:var(--soft)}ins{text-decoration:none;font-weight:600}
details{margin:.5rem 0}summary{min-height:44px;padding:.6rem 0;cursor:pointer;color:var(--accent)}
table{width:100%;border-collapse:collapse;font-size:.925rem}th,td{padding:.4rem .25rem;border-bottom:1px solid var(--line);text-align:left;font-weight:400}thead th,tfoot *{font-weight:600}
th.number,td.number{text-align:right}
.chart{display:block;width:100%;height:14.5rem;margin:1rem 0 .25rem;overflow:visible}
.bar:not(.back),.stripe{fill:var(--accent)}.bar.now{fill:var(--now)}.bar.back{stroke:var(--accent);stroke-width:1.5}.none{fill:var(--edge)}
.chosen{fill:var(--wash);stroke:var(--now);stroke-width:1.5}.grid{stroke:var(--line)}
.chart text{fill:var(--soft);font-size:.75rem}.label{text-anchor:middle}.chart .label.now{fill:var(--ink);font-weight:700}
.tick{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
.hit{fill:transparent}.chart a:hover .hit{fill:var(--edge);fill-opacity:.15}.chart a:focus-visible{outline:0}.chart a:focus-visible .hit{stroke:var(--now);stroke-width:3}
@media (min-width:56em){.split{display:grid;grid-template-columns:minmax(0,7fr) minmax(0,5fr);gap:1.25rem;align-items:start}}
@media (max-width:44em) and (min-height:34em){body{padding-bottom:4rem}header nav{position:fixed;inset:auto 0 0;z-index:1;background:var(--card);border-top:1px solid var(--line)}
header nav ul{justify-content:space-around;flex-wrap:nowrap}header nav a{min-height:56px;padding:0 .3rem;font-size:.8125rem}}
@media (prefers-contrast:more){:root{--soft:var(--ink);--line:var(--edge)}}
@media (forced-colors:active){.bar:not(.back),.stripe,.none{fill:CanvasText}.bar.now{fill:Highlight}.chosen{fill:none;stroke:Highlight;stroke-width:3}.chart text{fill:CanvasText;stroke:none}mark{forced-color-adjust:auto}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}button,.button,.hit{transition:filter .15s,fill-opacity .15s}}
@media print{html{background:#fff;color:#000;color-scheme:light}header nav,form,.skip,.steps,summary,footer,.hint{display:none}.card{border:0;padding:0;break-inside:avoid}a{color:inherit;text-decoration:none}}
`;
