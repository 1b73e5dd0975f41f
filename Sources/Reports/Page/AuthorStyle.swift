import Markdown

/// The style of what an author may use and few pages have: a page carries it where it needs it.
enum AuthorStyle {
  /// The style sheet of some features, in one order.
  static func css(of features: Set<MarkdownFeature>) -> String {
    MarkdownFeature.allCases.filter { features.contains($0) }.map { css(of: $0) + "\n" }.joined()
  }

  private static func css(of feature: MarkdownFeature) -> String {
    switch feature {
    case .image:
      """
      figure.image img{display:block;margin:0 auto}img{max-width:100%;height:auto}p img{vertical-align:middle}
      .image:is(.half,.full,.wide) img{width:100%}
      @media (prefers-color-scheme:dark){@media screen{main img{background:#fff;border-radius:2px}}}
      """
    case .caption: ".author-table:has(caption){min-width:min(100%,22rem)}"
    case .callout:
      """
      .callout{border-left:4px solid var(--link);background:var(--soft);padding:.7rem 1rem;margin:1.2em 0}
      .callout>:last-child{margin-bottom:0}.callout-title{font-family:var(--sans);font-weight:600;font-size:.9em;margin:0 0 .4em}
      .callout.warning,.callout.caution{border-color:var(--bad)}.callout.tip{border-color:var(--good)}
      @media print{.callout{break-inside:avoid}}
      """
    case .task:
      """
      li:has(>.task),li:has(>p>.task){list-style:none}.task{margin:0 .35em 0 -1.3em;display:inline-block;width:.95em}
      """
    case .citation:
      """
      .references{border-top:1px solid var(--rule);margin-top:3rem;font-size:.9em}
      .references h2{font-size:1.15rem;margin-top:1em}.references ul{list-style:none;padding:0}
      .references li{padding-left:1.6em;text-indent:-1.6em;margin:.45em 0}
      """
    case .medium:
      """
      @media screen{.print-only{display:none}}@media print{.screen-only{display:none}}
      """
    }
  }
}
