import Blocks
import Charts
import Markdown
import Markup

/// What a page says once, and what it has said so far.
struct PageMemory {
  /// What its exhibits have in common.
  var settings = PageSettings()
  /// The colour of each model, by name.
  var colors: [String: Int] = [:]
  private var said: Set<String> = []
  /// Exhibits that were taken from another page as they stand.
  private var taken = ""

  init() {}

  /// The sentences that have not been said yet; from now on they have.
  mutating func unsaid(_ sentences: [String]) -> [String] {
    sentences.filter { sentence in
      said.insert(sentence).inserted && (taken.isEmpty || !taken.contains(MarkdownText.inline(sentence).html))
    }
  }

  /// Remembers what an exhibit says that is not made here.
  mutating func take(_ markup: TrustedMarkup) { taken += markup.html }
}

extension PageMemory {
  /// What the exhibits of a page have in common, and a colour for each of its models in the order they are named.
  init(_ template: ReportTemplate, _ answers: [Int: Evaluation]) {
    var exhibits: [[ProvenanceItem]] = []
    for mark in answers.keys.sorted() {
      guard case .directive? = template.meanings[mark], let answer = answers[mark] else { continue }
      exhibits.append(Provenance.items(answer, in: template.language))
      for model in ([answer] + answer.comparison).compactMap(\.model) where colors[model.name] == nil {
        colors[model.name] = colors.count
      }
    }
    settings = PageSettings(exhibits)
  }
}
