import Blocks
import Equations
import Markdown
import Markup

/// A numbered formula of the catalogue, with its symbols explained.
enum EquationMarkup {
  static func html(_ name: String, id: String, number: Int, _ language: Language) -> TrustedMarkup {
    guard let entry = EquationCatalog.entry(name) else { return .empty }
    return MarkupWriter.make {
      $0.element("figure", ["id": id, "class": "equation", "tabindex": "0"]) {
        $0.markup(Equation(tex: entry.tex, isDisplay: true).markup)
        $0.element("span", ["class": "number"], text: "(\(number))")
        $0.element("figcaption", markup: MarkdownText.inline(language == .japanese ? entry.japanese : entry.english))
      }
      $0.newLine()
    }
  }
}
