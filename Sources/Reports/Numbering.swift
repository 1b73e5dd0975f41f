import Blocks
import Charts
import Directives
import Markdown
import Markup

/// Which block directives share a figure, and what number each figure, table and equation has.
struct Numbering {
  /// One numbered thing: a figure with its panels, a table, an equation.
  struct Unit {
    var kind: Exhibit.Kind
    var number: Int
    var id: String
    /// Marks of its directives.
    var marks: [Int]
    /// The equation's name, where it is one.
    var equation: String?
  }

  /// The directives of one paragraph.
  struct Group {
    var index: Int
    var units: [Unit]
  }

  private(set) var groups: [Group] = []
  /// What the author's own tables, formulas and images are called.
  private(set) var author = AuthorLabels()
  /// What an id is called: "Figure 3", "図3", or a heading's title.
  private(set) var labels: [String: String] = [:]
  /// A name of each block directive that no other on the page has, by mark: its figure's id, and the panel's letter.
  private(set) var ids: [Int: String] = [:]
  /// Where an id that has no element of its own points to: a panel's id, to its figure.
  private(set) var anchors: [String: String] = [:]
  /// Figures and tables.
  private(set) var count = 0

  private var last: [Exhibit.Kind: Int] = [:]
  private var taken: Set<String>

  init(_ template: ReportTemplate, registry: Registry) {
    taken = Set(template.body.headings.map(\.id) + template.body.authorIDs)
    for case .directive(let bound) in template.meanings.values {
      if let id = bound.id?.value { taken.insert(id) }
    }
    for item in template.body.items {
      switch item {
      case .group(let index):
        groups.append(Group(index: index, units: units(of: template.body.groups[index], template, registry)))
      case .table(let index): number(template.body.tables[index], index, template.language)
      case .equation(let index): number(template.body.equations[index], index, template.language)
      case .image(let index): number(template.body.images[index], index, template.language)
      }
    }
    for unit in groups.flatMap(\.units) {
      for (index, mark) in unit.marks.enumerated() {
        ids[mark] = unit.marks.count == 1 ? unit.id : unit.id + "-" + FigureFrame.letter(index)
      }
    }
    for unit in groups.flatMap(\.units) { labels[unit.id] = template.language.label(unit.kind, unit.number) }
    for heading in template.body.headings where labels[heading.id] == nil { labels[heading.id] = heading.text }
  }

  /// The author's own tables count with the others, where they have a caption to carry the number.
  private mutating func number(_ table: AuthorTable, _ index: Int, _ language: Language) {
    guard table.caption != nil else { return }
    let number = (last[.table] ?? 0) + 1
    last[.table] = number
    count += 1
    author.tables[index] = MarkupWriter.make { $0.element("strong", text: language.captionLabel(.table, number)) }
    if let id = table.id { labels[id] = language.label(.table, number) }
  }

  /// Displayed formulas count with those of the catalogue, where they have an anchor to be called by.
  private mutating func number(_ equation: AuthorEquation, _ index: Int, _ language: Language) {
    if let id = equation.id, let tag = equation.tag { labels[id] = "(\(tag))" }
    guard equation.isNumbered, let id = equation.id else { return }
    let number = (last[.equation] ?? 0) + 1
    last[.equation] = number
    author.equations[index] = number
    labels[id] = language.label(.equation, number)
  }

  /// Images count with the figures, where they have a caption or an anchor.
  private mutating func number(_ image: AuthorImage, _ index: Int, _ language: Language) {
    guard image.isNumbered else { return }
    let number = (last[.figure] ?? 0) + 1
    last[.figure] = number
    count += 1
    author.images[index] = MarkupWriter.make { $0.element("strong", text: language.captionLabel(.figure, number)) }
    if let id = image.id { labels[id] = language.label(.figure, number) }
  }

  /// Neighbouring figures of one paragraph share a figure; tables and equations stand alone.
  private mutating func units(of marks: [Int], _ template: ReportTemplate, _ registry: Registry) -> [Unit] {
    var units: [Unit] = []
    for mark in marks {
      guard case .directive(let bound)? = template.meanings[mark] else { continue }
      let kind = bound.name == "equation" ? .equation : registry.block(bound.name)?.kind(of: bound) ?? .figure
      if kind == .figure, let previous = units.last, previous.kind == .figure {
        units[units.count - 1].marks.append(mark)
        // The id of any panel points to the figure.
        if let id = bound.id?.value { alias(id, units[units.count - 1], template) }
        continue
      }
      let number = (last[kind] ?? 0) + 1
      last[kind] = number
      if kind != .equation { count += 1 }
      units.append(
        Unit(
          kind: kind, number: number, id: bound.id?.value ?? freeID(kind, number), marks: [mark],
          equation: kind == .equation ? bound.view.first : nil))
    }
    return units
  }

  private mutating func alias(_ id: String, _ unit: Unit, _ template: ReportTemplate) {
    labels[id] = template.language.label(unit.kind, unit.number)
    anchors[id] = unit.id
  }

  private mutating func freeID(_ kind: Exhibit.Kind, _ number: Int) -> String {
    let stem =
      switch kind {
      case .figure: "fig"
      case .table: "tbl"
      case .equation: "eq"
      }
    var id = "\(stem)-\(number)"
    while taken.contains(id) { id += "x" }
    taken.insert(id)
    return id
  }
}
