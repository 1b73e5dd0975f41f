import Charts

/// The style sheet of a page, kept in the program so that it works from any folder.
///
/// System fonts only, one column, a table of contents beside it where there is room; light, dark and print from the same
/// markup through colour variables.
public enum PageStyle {
  /// Everything a page needs, drawings included.
  public static let css = """
    :root{color-scheme:light dark;--serif:Charter,"Source Serif 4",Georgia,"DejaVu Serif",serif;\
    --sans:system-ui,"Segoe UI","Noto Sans","Noto Sans CJK JP","Hiragino Sans",sans-serif;\
    \(ChartStyle.light);--link:#0b57a4;--soft:#f5f4f0;--good:#1d6b3a;--bad:#b3261e}
    @media screen and (prefers-color-scheme:dark){:root{\(ChartStyle.dark);--link:#86bdf7;--soft:#202226;--good:#7fd39b;--bad:#ff9d94}}
    @media print{:root{color-scheme:light;--link:var(--fg)}}
    \(text)
    \(figures)
    \(ChartStyle.css)
    \(wide)
    \(print)
    """

  /// Type, headings, prose and what stands inside it.
  private static let text = """
    *{box-sizing:border-box}
    html{font-size:clamp(16px,1vw + 12px,19px);-webkit-text-size-adjust:100%}
    body{margin:0;padding:0 1rem;background:var(--bg);color:var(--fg);line-height:var(--leading,1.55);overflow-wrap:break-word;\
    font-family:var(--serif)}
    [lang|=ja]{--serif:"Hiragino Mincho ProN","Yu Mincho","Noto Serif CJK JP","Noto Serif JP",serif;--leading:1.8;\
    font-family:var(--serif);line-break:strict;text-autospace:normal}
    header,main,footer{max-width:46rem;margin:0 auto}main{padding-top:1rem}
    header{padding:3rem 0 1rem;border-bottom:1px solid var(--rule)}
    h1,h2,h3,h4{line-height:1.25;text-wrap:balance;margin:2.2em 0 .6em}
    h1{font-size:2.1rem;margin:0 0 .3em}h2{font-size:1.45rem}h3{font-size:1.15rem}h4{font-size:1rem}
    .subtitle,.byline,blockquote,footer{color:var(--muted)}
    .subtitle{font-size:1.2rem;margin:0 0 .8em;text-wrap:balance}
    .byline{margin:.2em 0}.byline>*+*::before{content:" · "}
    .abstract{margin:1.6rem 0;padding:0 1.5rem;font-size:.95em}
    .abstract h2{font-size:.95rem;margin:0 0 .3em}
    p{margin:0 0 1em;text-wrap:pretty}main>p,main li{hyphens:auto}
    a{color:var(--link);text-underline-offset:.15em}:focus-visible{outline:2px solid var(--link);outline-offset:2px}
    .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--bg);padding:.3rem}
    nav.toc{max-width:46rem;margin:1.5rem auto;font-size:.9rem}
    nav.toc ol{list-style:none;margin:0;padding:0}nav.toc ol ol{padding-left:1.1rem}
    nav.toc li{margin:.25em 0;line-height:1.35}nav.toc a{color:inherit;text-decoration:none}nav.toc a:hover{text-decoration:underline}
    code,pre{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em;hyphens:none}
    pre{overflow-x:auto;background:var(--soft);padding:.8rem 1rem;line-height:1.45}
    blockquote{margin:1em 0;padding-left:1em;border-left:3px solid var(--rule)}
    math{font-family:"STIX Two Math","Cambria Math","Latin Modern Math","DejaVu Serif",math}
    .equation,math[display=block]{overflow:auto hidden;margin:1.1em 0;padding:.2em 0}.equation>math{margin:0;overflow:visible}
    .equation{display:grid;grid-template-columns:minmax(max-content,1fr) auto;gap:0 .5rem;align-items:center}\
    .equation figcaption{grid-column:1/-1;width:0;min-width:100%}.section-number{margin-right:.3em}
    data{text-decoration:underline dotted var(--muted) 1px;text-underline-offset:.2em;font-variant-numeric:tabular-nums}
    .claim{padding:0 .2em;border-bottom:2px solid}.claim.pass{border-color:var(--good)}
    .claim.fail{border-color:var(--bad);color:var(--bad);font-weight:600}
    .claim.pass::after{content:" ✓";color:var(--good)}.claim.fail::after{content:" ✗"}
    .error{border:2px solid var(--bad);border-left-width:.5rem;padding:.7rem 1rem;margin:1.2em 0;background:var(--soft)}
    .equation-error,.directive-error{color:var(--bad)}.error pre{margin:.5em 0 0;padding:0;background:none}
    .footnotes{font-size:.88em;border-top:1px solid var(--rule);margin-top:3rem}
    .sidenote{display:none}sup{line-height:0}
    footer{margin-top:4rem;padding:1rem 0 3rem;border-top:1px solid var(--rule);font-size:.85rem}
    """

  /// Figures, tables and their captions.
  private static let figures = """
    figure{margin:2rem 0}
    figcaption,caption,.sub{font-size:.88rem;line-height:1.45;text-align:left}
    figcaption{margin-top:.7rem}caption{padding-bottom:.5rem;position:sticky;left:0;max-width:100cqw}
    .sub{margin:.3rem 0 0}
    .provenance,.note{font-size:.75rem;line-height:1.45;color:var(--muted);margin:.4rem 0 0}
    .provenance,.note,details,table,.error,nav.toc{font-family:var(--sans)}
    .provenance b{font-weight:500;color:var(--fg)}.provenance.page{margin:0 0 1.5rem}figure.half{max-width:24rem;margin-inline:auto}caption{font-family:var(--serif)}
    .row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:1rem 1.4rem;align-items:end}
    .wide>.row{grid-template-columns:repeat(auto-fit,minmax(min(100%,13.5rem),1fr))}
    .scroll{overflow-x:auto;container-type:inline-size}
    table{border-collapse:collapse;font-size:.82rem;line-height:1.4;font-variant-numeric:tabular-nums;margin:0 auto}
    thead{border-top:1.5px solid var(--fg);border-bottom:1px solid var(--fg)}tbody{border-bottom:1.5px solid var(--fg)}
    th,td{padding:.3em .5em;text-align:left;vertical-align:baseline}thead th{vertical-align:bottom}
    th{font-weight:600}tbody th,td.num{font-weight:400;white-space:nowrap}.num{text-align:right}
    .unit{display:block;font-weight:400;font-size:.9em;color:var(--muted)}.undef{color:var(--muted);font-style:italic}
    .author-table{display:block;overflow-x:auto;width:max-content;max-width:100%;margin:1.5rem auto}
    details{font-size:.78rem;margin-top:.5rem}summary{cursor:pointer;color:var(--muted)}
    details table{font-size:1em;margin:.5rem 0}details td{text-align:right}
    details .scroll{max-height:24rem;overflow:auto}
    @media (max-width:32rem){.equation math{font-size:.88em}}
    """

  /// Where there is room: contents to the left, wide figures and side notes beyond the column.
  private static let wide = """
    @media screen and (min-width:70rem){
    body{display:grid;grid-template-columns:minmax(12rem,1fr) minmax(0,46rem) minmax(2rem,1fr);column-gap:3rem}
    header,main,footer{grid-column:2;width:100%}
    nav.toc{grid-column:1;grid-row:2;position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;margin:0;padding:2.2rem 0 1rem;font-size:.82rem}
    main{grid-row:2}[lang|=ja] p{text-align:justify}
    }
    @media screen and (min-width:92rem){
    figure.wide{margin-right:-10rem}
    figure{position:relative}figure:not(.wide)>.provenance{position:absolute;left:calc(100% + 3rem);bottom:0;width:14rem;margin:0}
    .sidenote{display:block;float:right;clear:right;width:14rem;margin-right:-17rem;font-size:.8rem;line-height:1.4}
    }
    """

  /// Paper.
  private static let print = """
    @page{size:A4;margin:20mm 18mm 22mm}
    @media print{html{font-size:10.5pt}body{padding:0}header,main,footer{max-width:none}header{padding-top:0}
    nav.toc,.skip,details.data{display:none}
    figure,table,.error,.equation{break-inside:avoid}h2,h3,h4{break-after:avoid}p{orphans:3;widows:3}
    thead{display:table-header-group}.plot,.claim{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .scroll{overflow:visible}.row{grid-template-columns:repeat(auto-fit,minmax(6cm,1fr))}
    main a[href^=http]::after{content:" (" attr(href) ")";font-size:.8em}}
    """
}
