import Diagnostics

extension TeXParser {
  // MARK: - Delimiters

  /// Reads the delimiter after `\left`, `\big` and the like; nil where there is none.
  private mutating func delimiter(after owner: TeXToken) -> String? {
    let token = scanner.peek()
    var text: String?
    switch token.kind {
    case .character(let scalar) where "()[]|/".unicodeScalars.contains(scalar): text = String(scalar)
    case .character("<"): text = "⟨"
    case .character(">"): text = "⟩"
    case .character("."): text = ""
    case .command(let name): text = TeXSymbols.delimiters[name]
    default: break
    }
    guard let text else {
      fault(owner, "expected a delimiter such as ( or \\{ here")
      return nil
    }
    _ = scanner.next()
    return text
  }

  /// Reads `\left( … \middle| … \right)`; `\left` was taken.
  mutating func fenced(_ token: TeXToken) -> MathAtom {
    let left = delimiter(after: token) ?? ""
    var atoms: [MathAtom] = []
    while true {
      atoms += list { $0 == .command("right") || $0 == .command("middle") }
      let end = scanner.peek()
      if end.kind == .command("middle") {
        _ = scanner.next()
        atoms.append(MathAtom(nucleus: .middle(delimiter(after: end) ?? ""), kind: .relation))
      } else if end.kind == .command("right") {
        _ = scanner.next()
        let right = delimiter(after: end) ?? ""
        return MathAtom(nucleus: .fenced(left: left, right: right, atoms), kind: .inner)
      } else {
        if faults.isEmpty { fault(token, "'\\left' without '\\right'") }
        return MathAtom(nucleus: .row(atoms))
      }
    }
  }

  /// Reads the delimiter of `\big` and its kin.
  mutating func sized(_ size: (size: String, form: String), _ token: TeXToken, _ atoms: inout [MathAtom]) {
    guard let text = delimiter(after: token) else { return }
    var form = size.form
    if form.isEmpty { form = "([{⟨⌊⌈".contains(text) ? "prefix" : ")]}⟩⌋⌉".contains(text) ? "postfix" : "" }
    let kind: AtomClass =
      switch form {
      case "prefix": .opening
      case "postfix": .closing
      case "infix": .relation
      default: .ordinary
      }
    atoms.append(MathAtom(nucleus: .sizedDelimiter(text, size: size.size, form: form), kind: kind))
  }

  // MARK: - Environments

  private static let environments = [
    "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases", "aligned", "align",
    "align*", "gathered", "gather", "gather*", "split", "array",
  ]

  /// Reads `\begin{…} … \end{…}`; `\begin` was taken.
  mutating func environment(_ token: TeXToken) -> MathAtom {
    guard let group = scanner.rawGroup() else {
      fault(token, "'\\begin' needs the name of an environment in braces")
      return MathAtom(nucleus: .row([]))
    }
    var table = MathTable()
    guard prepare(&table, group.text) else {
      let near = Spelling.hints(for: group.text, in: TeXParser.environments, noun: "environments")
      let place = TeXToken(kind: .end, lower: group.lower, upper: group.upper)
      fault(place, "unknown environment '\(group.text)'", near)
      return MathAtom(nucleus: .row([]))
    }
    if group.text == "array" { readColumns(&table, token) }
    rows(of: &table)
    let end = scanner.next()
    guard end.kind == .command("end"), let closing = scanner.rawGroup(), closing.text == group.text else {
      fault(token, "'\\begin{\(group.text)}' without '\\end{\(group.text)}'")
      return MathAtom(nucleus: .row([]))
    }
    let cells = MathAtom(nucleus: .table(table), kind: .inner)
    if table.left.isEmpty && table.right.isEmpty {
      return group.text == "smallmatrix"
        ? MathAtom(nucleus: .styled(display: false, level: 1, [cells])) : cells
    }
    return MathAtom(nucleus: .fenced(left: table.left, right: table.right, [cells]), kind: .inner)
  }

  private func prepare(_ table: inout MathTable, _ name: String) -> Bool {
    switch name {
    case "matrix", "smallmatrix", "array": break
    case "pmatrix": (table.left, table.right) = ("(", ")")
    case "bmatrix": (table.left, table.right) = ("[", "]")
    case "Bmatrix": (table.left, table.right) = ("{", "}")
    case "vmatrix": (table.left, table.right) = ("|", "|")
    case "Vmatrix": (table.left, table.right) = ("‖", "‖")
    case "cases":
      table.left = "{"
      table.columns = [.left]
    case "aligned", "align", "align*", "split":
      table.columns = [.right, .left]
      table.isDisplay = true
      table.isPaired = true
    case "gathered", "gather", "gather*":
      table.isDisplay = true
    default: return false
    }
    return true
  }

  private mutating func readColumns(_ table: inout MathTable, _ token: TeXToken) {
    guard let group = scanner.rawGroup() else {
      fault(token, "'array' needs its columns in braces, such as {lcr}")
      return
    }
    table.columns = []
    for letter in group.text.unicodeScalars where letter != " " {
      switch letter {
      case "l": table.columns.append(.left)
      case "c": table.columns.append(.center)
      case "r": table.columns.append(.right)
      default:
        fault(
          TeXToken(kind: .end, lower: group.lower, upper: group.upper),
          "columns of 'array' must be l, c or r, found '\(letter)'")
      }
    }
    if table.columns.isEmpty { table.columns = [.center] }
  }

  private mutating func rows(of table: inout MathTable) {
    var row: [[MathAtom]] = []
    while faults.isEmpty {
      row.append(list { $0 == .alignment || $0 == .newRow || $0 == .command("end") })
      let end = scanner.peek()
      if end.kind == .alignment {
        _ = scanner.next()
      } else if end.kind == .newRow {
        _ = scanner.next()
        _ = scanner.rawBrackets()
        table.rows.append(row)
        row = []
      } else {
        break
      }
    }
    // A last row that holds nothing comes from a final `\\`.
    if row.contains(where: { !$0.isEmpty }) || row.count > 1 { table.rows.append(row) }
  }
}
