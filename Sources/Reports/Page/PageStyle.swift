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
    \(opened)
    \(wide)
    \(print)
    """

  /// Type, headings, prose and what stands inside it.
  ///
  /// Prose is held to 34 times its size or 62 digits, whichever is less: about 60 to 75 letters a line in any serif.
  private static let text = """
    *{box-sizing:border-box}
    html{font-size:clamp(16px,1vw + 12px,19px);-webkit-text-size-adjust:100%}
    body{margin:0;padding:0 1rem;background:var(--bg);color:var(--fg);line-height:var(--leading,1.55);overflow-wrap:break-word;\
    font-family:var(--serif)}
    [lang|=ja]{--serif:"Hiragino Mincho ProN","Yu Mincho","Noto Serif CJK JP","Noto Serif JP",serif;--leading:1.8;\
    font-family:var(--serif);line-break:strict;text-autospace:normal}
    header,main,footer,.appendix{max-width:46rem;margin:0 auto}main{padding-top:1rem}
    :is(header,main,section)>:is(p,ul,ol,dl,blockquote,h1,h2,h3,h4,pre),.finding,.abstract,.footnotes{max-width:min(34em,62ch)}
    h1,h2{max-width:none!important}
    header{padding:1rem 0;border-bottom:1px solid var(--rule)}
    .pages{display:flex;gap:1.2rem;margin-bottom:2rem;font-size:.85rem}.pages a,.toc a{display:inline-block;min-height:24px;line-height:24px}
    h1,h2,h3,h4{line-height:1.25;text-wrap:balance;margin:2.2em 0 .6em}
    h1{font-size:2.1rem;margin:0 0 .3em}h2{font-size:1.45rem}h3{font-size:1.15rem}h4{font-size:1rem}
    .subtitle,.byline,blockquote,footer{color:var(--muted)}
    .subtitle{font-size:1.2rem;margin:0 0 .8em;text-wrap:balance}
    .byline{margin:.2em 0}.byline>*+*::before{content:" · "}
    .finding,.abstract{margin:1.6rem 0 0}.finding{background:var(--soft);border-left:4px solid var(--good);padding:.9rem 1.2rem}
    .finding h2,.abstract h2{font:600 .8rem var(--sans);margin:0 0 .4em;color:var(--muted)}
    .finding p:last-child{margin:0}.abstract{font-size:.95em}
    p{margin:0 0 1em;text-wrap:pretty}main>p,main li{hyphens:auto}
    a{color:var(--link);text-underline-offset:.15em}:focus-visible{outline:2px solid var(--link);outline-offset:2px}
    .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--bg);padding:.3rem}
    nav.toc{max-width:46rem;margin:1.5rem auto;font-size:.9rem}
    nav.toc ol{list-style:none;margin:0;padding:0}nav.toc ol ol{padding-left:1.1rem}
    nav.toc a{color:inherit;text-decoration:none;line-height:1.35;padding:3px 0}nav.toc a:hover{text-decoration:underline}
    code,pre{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em;hyphens:none}
    pre{white-space:pre-wrap;background:var(--soft);padding:.8rem 1rem;line-height:1.45}
    blockquote{margin:1em 0;padding-left:1em;border-left:3px solid var(--rule)}
    math{font-family:"STIX Two Math","Cambria Math","Latin Modern Math","DejaVu Serif",math}
    .equation,math[display=block]{overflow:auto hidden;margin:1.1em 0;padding:.2em 0}.equation>math{margin:0;overflow:visible}
    .equation{display:grid;grid-template-columns:minmax(max-content,1fr) auto;gap:0 .5rem;align-items:center}\
    .equation figcaption{grid-column:1/-1;width:0;min-width:min(100%,33rem)}.section-number{margin-right:.3em}
    button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}.n{cursor:help}.w{white-space:nowrap}
    data{text-decoration:underline dotted var(--muted) 1px;text-underline-offset:.2em;font-variant-numeric:tabular-nums}
    .claim{padding:0 .2em;border-bottom:2px solid}.claim.pass{border-color:var(--good)}
    .claim.fail{border-color:var(--bad);color:var(--bad);font-weight:600}
    .claim.pass::after{content:"\u{A0}✓";color:var(--good)}.claim.fail::after{content:"\u{A0}✗"}
    .error{border:2px solid var(--bad);border-left-width:.5rem;padding:.7rem 1rem;margin:1.2em 0;background:var(--soft)}
    .equation-error,.directive-error{color:var(--bad)}.error pre{margin:.5em 0 0;padding:0;background:none}
    .footnotes{font-size:.88em;border-top:1px solid var(--rule);margin-top:3rem}
    sup{line-height:0}
    footer{margin-top:4rem;padding:1rem 0 3rem;border-top:1px solid var(--rule);font-size:.85rem}
    footer h2{font-size:1rem;margin:0 0 .5em}
    """

  /// Figures, tables and their captions.
  ///
  /// A table that is wider than its place keeps its first column and has a shadow at the side where it goes on.
  private static let figures = """
    figure{margin:2.4rem 0}
    figcaption,caption,.sub{font-size:.88rem;line-height:1.45;text-align:left}
    figcaption,figure>p{max-width:33rem}
    figcaption{margin-top:.7rem}caption{padding-bottom:.5rem;position:sticky;left:0;max-width:100cqw}
    .sub{margin:.3rem 0 0}
    .provenance,.note,.data{font-size:.75rem;line-height:1.45;color:var(--muted);margin:.4rem 0 0}
    .provenance,.note,.data,table,.error,nav,.sheet,.record{font-family:var(--sans)}
    .provenance b{font-weight:500;color:var(--fg)}.provenance.page{margin:0 0 1.5rem;text-align:left}figure.half{max-width:24rem;margin-inline:auto}caption{font-family:var(--serif)}
    .data button{min-width:24px;min-height:24px;margin-right:1em;color:var(--link);text-decoration:underline}
    .row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:1.8rem 1.4rem;align-items:start}
    .wide>.row{grid-template-columns:repeat(auto-fit,minmax(min(100%,13.5rem),1fr))}
    .scroll{overflow-x:auto;container-type:inline-size;background:linear-gradient(90deg,var(--bg) 40%,transparent) 0/2rem 100%,\
    linear-gradient(-90deg,var(--bg) 40%,transparent) 100%/2rem 100%,linear-gradient(90deg,var(--muted),transparent) 0/.4rem 100%,\
    linear-gradient(-90deg,var(--muted),transparent) 100%/.4rem 100%;background-repeat:no-repeat;\
    background-attachment:local,local,scroll,scroll}
    table{border-collapse:collapse;font-size:.82rem;line-height:1.4;font-variant-numeric:tabular-nums;margin:0 auto}
    thead{border-top:1.5px solid var(--fg);border-bottom:1px solid var(--fg)}tbody{border-bottom:1.5px solid var(--fg)}
    th,td{padding:.3em .5em;text-align:left;vertical-align:baseline}thead th{vertical-align:bottom}
    th{font-weight:600}tbody th,td.num{font-weight:400;white-space:nowrap}.num{text-align:right}
    .unit{display:block;font-weight:400;font-size:.9em;color:var(--muted)}.undef{color:var(--muted);font-style:italic}
    main>.scroll{margin:1.5rem 0}
    @media (max-width:48rem){.scroll tr>:first-child{position:sticky;left:0;background:var(--bg);max-width:9rem;white-space:normal}}
    @media (max-width:32rem){.equation math{font-size:.88em}}
    """

  /// What buttons put over the page, and how the same looks where it stands in the page.
  private static let opened = """
    .z:not(:popover-open),.record li:not(:popover-open){display:block;position:static;width:auto;height:auto;margin:0;padding:0;border:0;\
    overflow:visible;background:none;color:inherit}
    .z:not(:popover-open){position:relative}.record li{padding:.3em 0!important}
    .zoom{width:24px;height:24px;line-height:24px;color:var(--muted);font-size:16px}.z>.zoom{position:absolute;right:0;top:-1.7rem}
    .z:popover-open{width:100vw;height:100vh;max-width:none;max-height:none;padding:2.5rem 1rem 1rem;border:0;\
    background:var(--bg);color:inherit;overflow:auto}
    .z:popover-open>.plot{max-height:calc(100vh - 4rem)}.z:popover-open>.zoom{position:fixed;right:1rem;top:.6rem}
    @media (max-width:48rem){.z:popover-open>.plot{width:60rem;max-height:none;font-size:12px}}
    .sheet:popover-open,.record li:popover-open{max-width:min(60rem,94vw);max-height:88vh;overflow:auto;padding:1rem 1.2rem!important;\
    border:1px solid var(--muted);background:var(--bg);color:var(--fg);box-shadow:0 .3rem 2rem rgb(0 0 0/.3);font-size:.8rem}
    .sheet>.zoom{position:sticky;top:0;float:right}.sheet td{text-align:right}.sheet .t{text-align:left}
    .record{list-style:none;margin:0;padding:0;max-height:20rem;overflow:auto;font-size:.75rem}.record p{margin:0}
    .record li:popover-open{max-width:min(34rem,94vw)}.record li:popover-open p{font-size:.95rem}
    @supports (position-area:bottom){.record li:popover-open{inset:auto;margin:.4rem;position-area:bottom span-all;\
    position-try-fallbacks:flip-block}}
    @media screen{.appendix>h2{display:none}}
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
    figure{position:relative}figure:not(.wide)>.provenance{position:absolute;left:calc(100% + 3rem);bottom:0;width:14rem;margin:0;text-align:left}
    }
    """

  /// Paper: numbered pages under a running title, figures whole and with their captions, the numbers behind them at the end.
  private static let print = """
    @page{size:A4;margin:20mm 18mm 22mm;font:8pt serif;@bottom-center{content:counter(page) " / " counter(pages)}}
    @media print{html{font-size:10.5pt}body{padding:0}header,main,footer,.appendix{max-width:none}header{padding-top:0}
    nav,.skip,.zoom,figure>.data{display:none!important}
    figure,tr,.error,.equation{break-inside:avoid}h2,h3,h4,caption,p:has(+figure){break-after:avoid}p{orphans:3;widows:3}
    thead{display:table-header-group}.plot,.claim,.finding{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    .plot{max-height:11cm}.plot.spark{max-height:none}
    .appendix{break-before:page}.sheet{display:block;position:static;width:auto;margin:0 0 1.5em;padding:0;border:0;overflow:visible;color:inherit;font-size:7pt}
    .record{max-height:none;overflow:visible}.scroll{overflow:visible;background:none}
    .row{grid-template-columns:repeat(auto-fit,minmax(6cm,1fr))}
    main a[href^=http]::after{content:" (" attr(href) ")";font-size:.8em}}
    """
}
