import Diagnostics

/// Reads TeX into atoms and collects what it does not understand.
struct TeXParser {
  /// What was not understood.
  private(set) var faults: [EquationFault] = []
  /// The text of `\tag{…}`.
  var tag: String?
  var scanner: TeXScanner
  private var depth = 0
  /// The alphabets that letters are in, innermost last.
  private var alphabets: [MathAlphabet] = []

  /// Lists and arguments may nest this deep; a group in an argument counts twice.
  static let deepest = 80

  init(_ tex: String) { scanner = TeXScanner(tex) }

  /// Reads the whole text.
  mutating func parse() -> [MathAtom] {
    let atoms = list { $0 == .end }
    let rest = scanner.peek()
    if rest.kind != .end { fault(rest, message(unexpected: rest.kind)) }
    return atoms
  }

  // MARK: - Lists and scripts

  /// Reads atoms until a token that ends the list, which is not taken.
  mutating func list(until isEnd: (TeXToken.Kind) -> Bool) -> [MathAtom] {
    var atoms: [MathAtom] = []
    depth += 1
    defer { depth -= 1 }
    guard !isTooDeep() else { return [] }
    while faults.count < 8 {
      let token = scanner.peek()
      if isEnd(token.kind) || token.kind == .end || isClosing(token.kind) { break }
      _ = scanner.next()
      item(token, &atoms)
    }
    return atoms
  }

  /// Stops the reading where groups nest too deep for the stack.
  private mutating func isTooDeep() -> Bool {
    guard depth > TeXParser.deepest else { return false }
    fault(scanner.peek(), "nested more than \(TeXParser.deepest) deep")
    while scanner.peek().kind != .end { _ = scanner.next() }
    return true
  }

  /// Whether a token can only end a list, whoever began it.
  private func isClosing(_ kind: TeXToken.Kind) -> Bool {
    switch kind {
    case .closeGroup, .alignment, .newRow, .command("right"), .command("end"), .command("middle"): true
    default: false
    }
  }

  private mutating func item(_ token: TeXToken, _ atoms: inout [MathAtom]) {
    switch token.kind {
    case .superscript, .subscript, .prime:
      attach(token, to: &atoms)
    case .openGroup:
      atoms.append(MathAtom(nucleus: .row(closeGroup(token))))
    case .character(let scalar):
      character(scalar, token, &atoms)
    case .command(let name):
      command(name, token, &atoms)
    default:
      break
    }
  }

  private mutating func attach(_ token: TeXToken, to atoms: inout [MathAtom]) {
    if atoms.isEmpty || atoms.last?.kind == AtomClass.none { atoms.append(MathAtom(nucleus: .row([]))) }
    let last = atoms.count - 1
    if token.kind == .prime {
      var marks = "′"
      while scanner.peek().kind == .prime {
        _ = scanner.next()
        marks += "′"
      }
      if atoms[last].upper != nil { fault(token, "two superscripts on one base", ["write {…} around the first"]) }
      let prime = MathAtom(nucleus: .sign(TeXParser.primes(marks), isStretchy: false))
      var upper = [prime]
      if scanner.peek().kind == .superscript {
        _ = scanner.next()
        upper += argument(after: token)
      }
      atoms[last].upper = upper
    } else if token.kind == .superscript {
      if atoms[last].upper != nil { fault(token, "two superscripts on one base", ["write {…} around the first"]) }
      atoms[last].upper = argument(after: token)
    } else {
      if atoms[last].lower != nil { fault(token, "two subscripts on one base", ["write {…} around the first"]) }
      atoms[last].lower = argument(after: token)
    }
  }

  private static func primes(_ marks: String) -> String {
    ["′": "′", "′′": "″", "′′′": "‴", "′′′′": "⁗"][marks] ?? marks
  }

  // MARK: - Arguments

  /// Reads one argument: a group, or a single token.
  mutating func argument(after owner: TeXToken) -> [MathAtom] {
    depth += 1
    defer { depth -= 1 }
    guard !isTooDeep() else { return [] }
    let token = scanner.peek()
    switch token.kind {
    case .openGroup:
      _ = scanner.next()
      return closeGroup(token)
    case .character(let scalar) where isDigit(scalar):
      // `\frac12` is one half: an argument takes one digit, not a number.
      _ = scanner.next()
      return [MathAtom(nucleus: .number(letter(scalar)))]
    case .end, .closeGroup, .alignment, .newRow, .superscript, .subscript, .prime:
      fault(owner, "an argument is missing here")
      return []
    default:
      _ = scanner.next()
      var atoms: [MathAtom] = []
      item(token, &atoms)
      return atoms
    }
  }

  /// Reads the rest of a group whose `{` was taken.
  private mutating func closeGroup(_ open: TeXToken) -> [MathAtom] {
    let atoms = list { $0 == .closeGroup }
    let end = scanner.peek()
    if end.kind == .closeGroup {
      _ = scanner.next()
    } else if faults.isEmpty {
      end.kind == .end ? fault(open, "'{' is not closed") : fault(end, message(unexpected: end.kind))
    }
    return atoms
  }

  /// Reads `[…]` as atoms where it comes next.
  mutating func optionalArgument() -> [MathAtom]? {
    guard scanner.peek().kind == .character("[") else { return nil }
    let open = scanner.next()
    let atoms = list { $0 == .character("]") }
    if scanner.peek().kind == .character("]") {
      _ = scanner.next()
    } else if faults.isEmpty {
      fault(open, "'[' is not closed")
    }
    return atoms
  }

  // MARK: - Characters

  private mutating func character(_ scalar: Unicode.Scalar, _ token: TeXToken, _ atoms: inout [MathAtom]) {
    switch scalar {
    case "0"..."9": number(scalar, &atoms)
    case "+": atoms.append(sign("+", .binary))
    case "-", "−": atoms.append(sign("−", .binary))
    case "*": atoms.append(sign("∗", .binary))
    case "=", "<", ">", ":": atoms.append(sign(String(scalar), .relation))
    case ",", ";": atoms.append(sign(String(scalar), .punctuation))
    case "(", "[": atoms.append(sign(String(scalar), .opening, isStretchy: false))
    case ")", "]", "!", "?": atoms.append(sign(String(scalar), .closing, isStretchy: false))
    case "|", "/", ".", "@", "\"": atoms.append(sign(String(scalar), .ordinary, isStretchy: false))
    case "~": atoms.append(MathAtom(nucleus: .space("0.3333em"), kind: .none))
    case "%": fault(token, "'%' begins a comment in TeX", ["write \\% for a percent sign"])
    case "$": fault(token, "'$' is not allowed inside a formula", ["write \\$ for a dollar sign"])
    case "#": fault(token, "'#' is not allowed inside a formula", ["write \\# for the sign"])
    default: atoms.append(letterOrSign(scalar))
    }
  }

  /// Joins digits and decimal points into one number: `0.95`.
  private mutating func number(_ first: Unicode.Scalar, _ atoms: inout [MathAtom]) {
    var text = letter(first)
    while case .character(let scalar) = scanner.peek().kind, scalar.isASCII, scalar == "." || isDigit(scalar) {
      if scalar == "." {
        var ahead = scanner
        _ = ahead.next()
        guard case .character(let after) = ahead.peek().kind, isDigit(after) else { break }
      }
      _ = scanner.next()
      text += letter(scalar)
    }
    atoms.append(MathAtom(nucleus: .number(text)))
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x30 && scalar.value <= 0x39 }

  private func letterOrSign(_ scalar: Unicode.Scalar) -> MathAtom {
    if scalar.properties.isAlphabetic {
      return MathAtom(nucleus: .identifier(letter(scalar), isUpright: alphabets.last == .upright))
    }
    let text = String(scalar)
    if TeXSymbols.relations.values.contains(text) { return sign(text, .relation) }
    if TeXSymbols.binary.values.contains(text) { return sign(text, .binary) }
    if TeXSymbols.largeOperators.values.contains(text) {
      return MathAtom(nucleus: .sign(text, isStretchy: nil), kind: .largeOperator, limits: .movable)
    }
    return MathAtom(nucleus: .identifier(text, isUpright: true))
  }

  /// A letter or digit in the alphabet that is in force.
  func letter(_ scalar: Unicode.Scalar) -> String { String(alphabets.last?.character(scalar) ?? scalar) }

  /// Reads an argument with its letters in an alphabet.
  mutating func argument(in alphabet: MathAlphabet, after owner: TeXToken) -> [MathAtom] {
    alphabets.append(alphabet)
    defer { alphabets.removeLast() }
    return argument(after: owner)
  }

  func sign(_ text: String, _ kind: AtomClass, isStretchy: Bool? = nil) -> MathAtom {
    MathAtom(nucleus: .sign(text, isStretchy: isStretchy), kind: kind)
  }

  // MARK: - Faults

  mutating func fault(_ token: TeXToken, _ message: String, _ hints: [String] = []) {
    let span = SourceSpan(lower: token.lower, upper: max(token.upper, token.lower))
    if !faults.contains(where: { $0.span == span }) {
      faults.append(EquationFault(span: span, message: message, hints: hints))
    }
  }

  func message(unexpected kind: TeXToken.Kind) -> String {
    switch kind {
    case .closeGroup: "'}' without '{'"
    case .alignment: "'&' outside an environment such as aligned"
    case .newRow: "'\\\\' outside an environment such as aligned"
    case .command(let name): "'\\\(name)' has nothing to belong to"
    default: "unexpected text"
    }
  }
}
