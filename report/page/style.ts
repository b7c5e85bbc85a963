/** The page's look: quiet paper, one column, numbers that line up; light, dark and print. */
export const style = `
:root{color-scheme:light dark;
--paper:#fcfcfa;--panel:#f3f3ef;--ink:#1b1c1f;--muted:#62656d;--line:#dcdcd5;
--good:#1b7a4b;--bad:#c02f2a;--doubt:#93650a;--stop:#7a3f9d;--fault:#c02f2a;--back:#2a6f97;
--c1:#3f53c4;--c2:#159083;--c3:#d2921b;--c4:#8a56b0;--c5:#5d7f2e;--c6:#7d818a}
@media(prefers-color-scheme:dark){:root{
--paper:#131417;--panel:#1c1e22;--ink:#ecece8;--muted:#a0a3ab;--line:#33363d;
--good:#5ac48d;--bad:#ff7a70;--doubt:#e3b04b;--stop:#c79be6;--fault:#ff7a70;--back:#71b7dd;
--c1:#8797ff;--c2:#3fc2b3;--c3:#eab54d;--c4:#c79be6;--c5:#a3c56b;--c6:#8d919a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Apple SD Gothic Neo","Noto Sans KR","Noto Sans CJK KR","Malgun Gothic",sans-serif;
font-variant-numeric:tabular-nums;word-break:keep-all;overflow-wrap:break-word}
code,td small{overflow-wrap:anywhere}
main{max-width:68rem;margin:0 auto;padding:3.5rem 1.5rem 5rem}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.018em;font-weight:650}
h2{font-size:1.3rem;line-height:1.3;letter-spacing:-.01em;font-weight:650}
h3{font-size:1rem;line-height:1.4;font-weight:600}
section{margin-top:4rem}
section>p.lead{color:var(--muted);max-width:46rem;margin-top:.35rem}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono","Noto Sans Mono CJK KR",monospace}
pre{white-space:pre-wrap;background:var(--panel);padding:.8rem 1rem;border-radius:6px;margin:.5rem 0 0;max-height:24rem;overflow:auto}
.eyebrow{color:var(--muted);font-size:.86rem;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin-bottom:1.1rem}
.top{display:flex;align-items:flex-start;justify-content:space-between;gap:1.5rem}
.verdict{flex:none;display:inline-flex;align-items:center;gap:.5em;font-weight:650;font-size:1.12rem;line-height:1;
padding:.62em .95em .62em .75em;border-radius:999px;color:var(--paper);background:var(--tone)}
.verdict svg{width:1.15em;height:1.15em}
.story{font-size:1.22rem;line-height:1.6;max-width:50rem;margin-top:1.2rem;letter-spacing:-.004em}
.tone-good,.passed{--tone:var(--good)}.tone-bad,.failed,.broken{--tone:var(--bad)}
.tone-doubtful,.inconclusive{--tone:var(--doubt)}.aborted{--tone:var(--stop)}.tone-plain{--tone:var(--ink)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.2rem,1fr));gap:1.8rem 1.5rem;margin-top:2.6rem;
padding-top:1.8rem;border-top:1px solid var(--line)}
.figures dt{color:var(--muted);font-size:.88rem}
.figures dd.value{font-size:1.75rem;white-space:nowrap;line-height:1.25;letter-spacing:-.022em;font-weight:600;margin-top:.1rem}
.figures dd.beside{font-size:.86rem;line-height:1.4;color:var(--muted)}
.mark{color:var(--tone);font-weight:700}
.mark svg{width:.85em;height:.85em;vertical-align:-.06em;margin-right:.3em}
.causes{margin-top:1.2rem;list-style:none;border-top:1px solid var(--line)}
.causes li{display:grid;grid-template-columns:5.5rem 1fr;gap:0 1.2rem;padding:.85rem 0;border-bottom:1px solid var(--line)}
.causes .when{color:var(--muted)}
.causes .remedy{color:var(--muted);font-size:.92rem;grid-column:2}
.causes .deciding{font-weight:600}
.track{margin-top:2rem}
.track h3{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem 1.4rem}
.key{display:inline-flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.86rem;font-weight:400;color:var(--muted);list-style:none}
.key li{display:inline-flex;align-items:center;gap:.45em}
.key svg{width:1.35em;height:.8em;flex:none}
.chart{margin-top:.5rem}
.chart svg{display:block;width:100%;height:auto;overflow:visible}
.chart .narrow{display:none}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:2rem 3rem;margin-top:1.2rem}
.split{display:flex;height:2.6rem;margin-top:1.4rem;border-radius:6px;overflow:hidden;background:var(--panel)}
.split i{display:flex;align-items:center;padding:0 .8rem;font-style:normal;font-size:.88rem;white-space:nowrap;overflow:hidden;border-right:2px solid var(--paper);
background:color-mix(in srgb,var(--back) calc(var(--part)*1%),var(--panel))}
.swatch.part{background:color-mix(in srgb,var(--back) calc(var(--part)*1%),var(--panel))}
.split i.strong{color:var(--paper)}
.scale{position:relative;height:1.9rem;font-size:.86rem;color:var(--muted)}
.scale b{position:absolute;top:.2rem;font-weight:600;color:var(--ink);white-space:nowrap;transform:translateX(-100%);padding-right:.5rem;border-right:2px solid var(--ink)}
.scale b.first{transform:none;padding:0 0 0 .5rem;border:0;border-left:2px solid var(--ink)}
table{width:100%;border-collapse:collapse;margin-top:1.1rem;font-size:.95rem}
th{font-weight:500;color:var(--muted);font-size:.86rem;text-align:left;vertical-align:bottom}
th,td{padding:.6rem 1rem .6rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
td.n,th.n{text-align:right}td.n{white-space:nowrap}
td small{display:block;color:var(--muted);font-size:.86rem;line-height:1.4}
.swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.5em;vertical-align:-.05em;background:var(--tone)}
.bar{display:block;height:.5rem;border-radius:2px;background:var(--bad);min-width:2px;margin-top:.45rem}
.bullet{position:relative;height:1.5rem;background:var(--panel);border-radius:4px;margin-top:1rem}
.bullet i{position:absolute;top:0;bottom:0;background:var(--back);opacity:.35;border-radius:3px}
.bullet b{position:absolute;top:-.3rem;bottom:-.3rem;width:3px;background:var(--ink)}
details{border-bottom:1px solid var(--line)}
details summary{cursor:pointer;padding:.75rem 0;list-style:none;display:grid;grid-template-columns:1.2rem 1fr auto;gap:.8rem;align-items:baseline}
details summary::-webkit-details-marker{display:none}
details summary::before{content:"";width:.42em;height:.42em;border:solid var(--muted);border-width:0 2px 2px 0;transform:rotate(-45deg);align-self:center;justify-self:center}
details[open] summary::before{transform:rotate(45deg)}
summary:focus-visible{outline:2px solid var(--c1);outline-offset:3px;border-radius:3px}
details .what{color:var(--muted);font-size:.88rem}
details .in{padding:0 0 1.4rem 2rem}
details .in h4{margin:1rem 0 0;font-size:.9rem;font-weight:600}
.steps{margin-top:1.1rem;border-top:1px solid var(--line)}
.identity{display:grid;grid-template-columns:max-content 1fr;gap:.5rem 2rem;margin-top:1.1rem;font-size:.95rem}
.identity dt{color:var(--muted)}
footer{margin-top:4rem;padding-top:1.2rem;border-top:1px solid var(--line);color:var(--muted);font-size:.86rem}
@media(max-width:46rem){main{padding:2rem 1.1rem 3rem}h1{font-size:1.55rem}.top{flex-direction:column-reverse;gap:1rem}
.story{font-size:1.08rem}.figures{grid-template-columns:1fr 1fr;gap:1.4rem 1.2rem}.figures dd.value{font-size:1.55rem}
.chart .wide{display:none}.chart .narrow{display:block}section{margin-top:3rem}
.causes li{grid-template-columns:1fr}.causes .remedy{grid-column:1}.identity{grid-template-columns:1fr;gap:0}.identity dd{margin-bottom:.8rem}
.wide-only{display:none}details summary{grid-template-columns:1.2rem 1fr}details summary .what{grid-column:2}th,td{padding-right:.6rem}table{font-size:.88rem}}
@media print{:root{--paper:#fff;--panel:#f3f3f3;--ink:#000;--muted:#444;--line:#bbb;--good:#1b7a4b;--bad:#b3261e;--doubt:#7a5200;--stop:#6a2f8d;--fault:#b3261e;--back:#1f5f86;
--c1:#3f53c4;--c2:#0e7a6f;--c3:#c07f0c;--c4:#8a56b0;--c5:#5d7f2e;--c6:#7d818a}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
@page{margin:16mm}main{max-width:none;padding:0}section{margin-top:2rem}.figures{grid-template-columns:repeat(3,1fr)}.track,table,.figures,.causes li{break-inside:avoid}h2,h3{break-after:avoid}
.chart .wide{display:block}.chart .narrow{display:none}body{font-size:11pt}pre{max-height:none}}
`;
