import Blocks
import Diagnostics
import Directives
import JSONText
import Markup
import Results

/// What a page says about itself: every result with the key that gave it, for people and for programs.
struct PageRecord {
  /// One result, however many directives show it.
  private struct Line {
    var id: String
    var directive: Directive
    var evaluation: Evaluation
    var printed: [PageManifest.Printed] = []
    /// The same with all their digits.
    var opened: [OpenedNumber] = []
    /// Whether an exhibit shows it, which says the sample; a number in the text does not.
    var isExhibited = false
    /// The first tolerance that one of its directives gives.
    var tolerance: String?

    mutating func open(_ number: OpenedNumber) {
      for index in opened.indices where opened[index].merge(number) { return }
      opened.append(number)
    }
  }

  private let template: ReportTemplate
  private let generator: String
  private let site: PageManifest.Site
  private var lines: [Line] = []

  /// How much of a page its results may take: the rest is there by digest, and in the archive.
  private static let largestResult = 12_000
  private static let pageLimit = 140_000

  init(
    _ template: ReportTemplate, _ answers: [Int: Evaluation], _ numbering: Numbering, _ inlines: InlineAnswers,
    generator: String, site: PageManifest.Site
  ) {
    self.template = template
    self.generator = generator
    self.site = site
    var places: [String: Int] = [:]
    var numbers = 0
    for mark in answers.keys.sorted() {
      guard let evaluation = answers[mark], let meaning = template.meanings[mark] else { continue }
      var id = numbering.ids[mark] ?? ""
      if case .quantity = meaning {
        numbers += 1
        id = "number-\(numbers)"
      }
      for (index, part) in ([evaluation] + evaluation.comparison).enumerated() where places[part.key.hex] == nil {
        places[part.key.hex] = lines.count
        lines.append(
          Line(
            id: index == 0 ? id : id + (index == 1 ? "-vs" : "-vs-\(index)"), directive: meaning.directive,
            evaluation: part))
      }
      if case .directive = meaning {
        for part in [evaluation] + evaluation.comparison {
          if let place = places[part.key.hex] { lines[place].isExhibited = true }
        }
      }
      if let place = places[evaluation.key.hex], let printed = inlines.printed[mark] {
        lines[place].printed.append(printed)
      }
      if let place = places[evaluation.key.hex], let opened = inlines.opened[mark] { lines[place].open(opened) }
      if let place = places[evaluation.key.hex], lines[place].tolerance == nil {
        lines[place].tolerance = meaning.source.tolerance
      }
    }
  }

  /// The machine-readable record.
  ///
  /// - Parameter pageSize: bytes of the page without it.
  func manifest(version: String, report: String, pageSize: Int) -> PageManifest {
    // What images take is the author's affair: the results keep their place.
    let embedded = embedded(room: Self.pageLimit - pageSize + template.files.imageSize)
    let entries = lines.enumerated().map { index, line in
      PageManifest.Entry(
        id: line.id, directive: line.evaluation.bound.canonicalText,
        line: line.directive.line, key: line.evaluation.key,
        result: line.evaluation.stored, isEmbedded: embedded.contains(index), printed: line.printed,
        tolerance: line.tolerance, facts: line.isExhibited ? line.evaluation.stored.value["facts"] : nil)
    }
    let text = template.file.text(.init(lower: 0, upper: template.file.bytes.count))
    return PageManifest(
      version: version, report: report, template: text, attachments: template.files.attachments,
      settings: template.settings.map { PageManifest.Setting(key: $0.key, value: $0.value) },
      defaults: PageManifest.Defaults(
        model: template.scope.model, dataset: template.scope.dataset, seed: template.scope.seed),
      site: site, entries: entries)
  }

  /// Which results the page carries: small ones first, those with printed numbers before the others.
  private func embedded(room: Int) -> Set<Int> {
    // The template, the inputs and the key of each entry are there in any case.
    var room = room - template.file.bytes.count - 1500 * lines.count
    let sizes = lines.map { JSON.size(of: $0.evaluation.stored.value) }
    let order = lines.indices.sorted {
      (lines[$0].printed.isEmpty ? 1 : 0, sizes[$0], $0) < (lines[$1].printed.isEmpty ? 1 : 0, sizes[$1], $1)
    }
    var chosen: Set<Int> = []
    for index in order where sizes[index] <= min(room, Self.largestResult) {
      room -= sizes[index]
      chosen.insert(index)
    }
    return chosen
  }

  /// The results the page has only the digest of, and the others, by id.
  var results: [String: JSONValue] {
    Dictionary(lines.map { ($0.id, $0.evaluation.stored.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// The record for people: a row a result, which a number in the text opens where it was printed from it.
  func html(_ language: Language) -> TrustedMarkup {
    MarkupWriter.make {
      $0.element("p", text: language("Made by \(generator).", "\(generator) により作成。"))
      $0.newLine()
      $0.element("ul", ["class": "record", "tabindex": "0", "aria-label": language("Results", "結果")]) { list in
        for (index, line) in lines.enumerated() { Self.write(line, index, language, to: &list) }
      }
    }
  }

  private static func write(_ line: Line, _ index: Int, _ language: Language, to list: inout MarkupWriter) {
    let opens = !line.opened.isEmpty
    list.element("li", ["id": opens ? ResultRows.anchor(index) : nil, "popover": opens ? "" : nil]) {
      for number in line.opened {
        $0.element("p") {
          $0.text(number.name + " ")
          $0.element("b", text: number.text)
        }
      }
      $0.element("code", text: "<<\(line.evaluation.bound.canonicalText)>>")
      $0.text(" ")
      $0.element("code", text: String(line.evaluation.key.hex.prefix(12)))
      if opens { $0.text(" " + Provenance.origin(line.evaluation, in: language)) }
    }
    list.newLine()
  }
}

extension Bound {
  /// The author's caption.
  var caption: Spanned<String>? {
    if case .directive(let bound) = self { bound.caption } else { nil }
  }
}
