/// The style sheet that drawings share: classes instead of colours, so that one drawing serves light, dark and print.
///
/// Every series colour has a contrast of 4.5 or more to its page, since names are written in it, and any two of them
/// differ by more than 15 (CIEDE2000) for normal sight, protanopia and deuteranopia alike; `ColourVisionTests` computes it.
public enum ChartStyle {
  /// The colour variables of a light page.
  public static let light =
    "--fg:#1b1b1b;--bg:#fff;--muted:#595959;--rule:#dcdcdc;"
    + "--s0:#2472d1;--s1:#b95b00;--s2:#028377;--s3:#651063;--s4:#1e0411;--s5:#8f202c"

  /// The colour variables of a dark page.
  public static let dark =
    "--fg:#e6e6e3;--bg:#161719;--muted:#a3a3a0;--rule:#3a3b3e;"
    + "--s0:#3988ff;--s1:#d16422;--s2:#339f8f;--s3:#e9d3fa;--s4:#ffffe6;--s5:#ffe100"

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
    .plot .vd{fill:#000;pointer-events:none}
    .plot .pl{fill:none;stroke:currentColor}.plot .hit{fill:transparent}
    .plot .dt{fill:none;stroke:var(--muted);stroke-width:3;stroke-linecap:round;stroke-opacity:.4}.plot .gt{fill:none;stroke:var(--muted);stroke-opacity:.7}.plot .rg{fill:none;stroke:var(--fg)}
    .plot.wide{font-size:10.5px}
    .plot.spark{display:inline-block;width:4.4em;height:1em;vertical-align:-.15em}
    @media screen and (max-width:48rem){.plot.wide{font-size:15px}.plot.vast{font-size:19px}.plot .dk{display:none}\
    .plot.wide .vg{font-size:15px}.plot.vast .vg{font-size:19px}}
    """
}
