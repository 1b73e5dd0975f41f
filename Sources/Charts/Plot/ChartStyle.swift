/// The style sheet that drawings share: classes instead of colours, so that one drawing serves light, dark and print.
///
/// Series colours are Okabe and Ito's, darkened where they fall below 3:1 against white; the dark set is brighter.
public enum ChartStyle {
  /// The colour variables of a light page.
  public static let light =
    "--fg:#1b1b1b;--bg:#fff;--muted:#595959;--rule:#dcdcdc;"
    + "--s0:#0072b2;--s1:#d55e00;--s2:#008a66;--s3:#b5538d;--s4:#555;--s5:#a36a00"

  /// The colour variables of a dark page.
  public static let dark =
    "--fg:#e6e6e3;--bg:#161719;--muted:#a3a3a0;--rule:#3a3b3e;"
    + "--s0:#62b8ee;--s1:#ff9152;--s2:#35cfa0;--s3:#f0a3cd;--s4:#bdbdbd;--s5:#e9b044"

  /// The rules of the classes that drawings use.
  public static let css = """
    .plot{display:block;width:100%;height:auto;margin:0 auto;font:12px/1 var(--sans,system-ui,sans-serif);fill:var(--fg);font-variant-numeric:tabular-nums}
    .plot .mu{fill:var(--muted)}.plot .gr{stroke:var(--rule);fill:none}.plot .ax{stroke:var(--muted);fill:none}
    .plot .ln{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
    .plot .mk{fill:currentColor}.plot .ho{fill:var(--bg);stroke:currentColor;stroke-width:1.6}
    .plot .bd{fill:currentColor;opacity:.16}.plot .rf{stroke:var(--muted);stroke-dasharray:2 3;fill:none}
    .plot .wk .ln{stroke-width:2.8}.plot .wn .ln{stroke-width:1}
    .plot .hl{paint-order:stroke;stroke:var(--bg);stroke-width:4px;stroke-linejoin:round}
    .plot .c0{color:var(--s0)}.plot .c1{color:var(--s1)}.plot .c2{color:var(--s2)}.plot .c3{color:var(--s3)}\
    .plot .c4{color:var(--s4)}.plot .c5{color:var(--s5)}
    .plot .d1 .ln{stroke-dasharray:7 4}.plot .d2 .ln{stroke-dasharray:2 4}.plot .d3 .ln{stroke-dasharray:9 3 2 3}\
    .plot .d4 .ln{stroke-dasharray:12 4}.plot .d5 .ln{stroke-dasharray:5 2 2 2 2 2}
    .plot .gp{stroke:var(--bg);fill:none}.plot .ht{stroke:var(--muted);stroke-width:1.1}.plot .hr{fill:none;stroke:var(--fg);stroke-width:1.4}.plot .hb{fill:none;stroke:var(--bg);stroke-width:3.4}
    .plot .tip{stroke:transparent;stroke-width:1;fill:none}.plot .vl{fill:#fff;pointer-events:none}\
    .plot .vd{fill:#111;pointer-events:none}
    .plot .pl{fill:none;stroke:currentColor}.plot .pd{stroke:currentColor;stroke-width:4;stroke-linecap:round}\
    .plot .gd{stroke:var(--rule);fill:none}.plot .hit{fill:transparent}
    .plot.wide{font-size:10.5px}
    @media screen and (max-width:48rem){.plot.wide{font-size:13px}}
    @media screen and (max-width:32rem){.plot.wide{font-size:15px}.plot.wide .vg{font-size:14px}}
    """
}
