import Diagnostics

extension TeXParser {
  /// Commands with arguments or an effect of their own, for suggestions.
  static let structures: Set<String> = [
    "frac", "dfrac", "tfrac", "binom", "sqrt", "left", "right", "middle", "begin", "end", "text", "textbf", "textit",
    "textrm", "mbox", "operatorname", "overset", "underset", "stackrel", "substack", "not", "limits", "nolimits",
    "displaystyle", "textstyle", "scriptstyle", "phantom", "tag", "pmod", "mathop", "mathrel", "mathbin",
  ]

  /// Reads what follows a command and adds its atoms.
  mutating func command(_ name: String, _ token: TeXToken, _ atoms: inout [MathAtom]) {
    if let atom = symbol(name) {
      atoms.append(atom)
    } else if let alphabet = MathAlphabet.commands[name] {
      atoms.append(word(in: alphabet, token))
    } else if let accent = TeXSymbols.accents[name] {
      let base = argument(after: token)
      atoms.append(
        MathAtom(
          nucleus: .accent(base, mark: accent.mark, isUnder: accent.isUnder, isStretchy: accent.isStretchy),
          limits: name.hasSuffix("brace") ? .stacked : .beside))
    } else if let size = TeXSymbols.sizes[name] {
      sized(size, token, &atoms)
    } else if let atom = structure(name, token) {
      atoms.append(atom)
    } else {
      modifier(name, token, &atoms)
    }
  }

  /// The atom of a command that is one sign.
  private func symbol(_ name: String) -> MathAtom? {
    if let text = TeXSymbols.letters[name] {
      let scalar = text.unicodeScalars.first ?? " "
      return MathAtom(nucleus: .identifier(letter(scalar), isUpright: false))
    }
    if let text = TeXSymbols.upright[name] {
      let scalar = text.unicodeScalars.first ?? " "
      return MathAtom(nucleus: .identifier(letter(scalar), isUpright: true))
    }
    if let text = TeXSymbols.binary[name] { return sign(text, .binary) }
    if let text = TeXSymbols.relations[name] { return sign(text, .relation, isStretchy: false) }
    if let text = TeXSymbols.largeOperators[name] {
      return MathAtom(nucleus: .sign(text, isStretchy: nil), kind: .largeOperator, limits: .movable)
    }
    if let text = TeXSymbols.integrals[name] {
      return MathAtom(nucleus: .sign(text, isStretchy: nil), kind: .largeOperator)
    }
    if TeXSymbols.functions.contains(name) { return MathAtom(nucleus: .function(name), kind: .largeOperator) }
    if let text = TeXSymbols.limitFunctions[name] {
      return MathAtom(nucleus: .function(text), kind: .largeOperator, limits: .movable)
    }
    if let width = TeXSymbols.spaces[name] { return MathAtom(nucleus: .space(width), kind: .none) }
    if let text = TeXSymbols.delimiters[name] {
      let isOpening = TeXSymbols.opening.contains(name)
      let kind: AtomClass = isOpening ? .opening : TeXSymbols.closing.contains(name) ? .closing : .ordinary
      return sign(text, kind, isStretchy: false)
    }
    return nil
  }

  /// Letters alone are one word, such as `\mathrm{KL}`; anything else in an alphabet is a row.
  private mutating func word(in alphabet: MathAlphabet, _ token: TeXToken) -> MathAtom {
    let atoms = argument(in: alphabet, after: token)
    var text = ""
    for atom in atoms {
      guard case .identifier(let letter, _) = atom.nucleus, atom.lower == nil, atom.upper == nil else {
        return MathAtom(nucleus: .row(atoms))
      }
      text += letter
    }
    if atoms.count <= 1 { return MathAtom(nucleus: .row(atoms)) }
    return MathAtom(nucleus: .identifier(text, isUpright: true))
  }

  private mutating func structure(_ name: String, _ token: TeXToken) -> MathAtom? {
    switch name {
    case "frac", "dfrac", "tfrac":
      let style = FractionStyle(isDisplay: name == "frac" ? nil : name == "dfrac")
      return MathAtom(
        nucleus: .fraction(argument(after: token), argument(after: token), style: style), kind: .inner)
    case "binom":
      let fraction = MathAtom(
        nucleus: .fraction(argument(after: token), argument(after: token), style: FractionStyle(hasBar: false)))
      return MathAtom(nucleus: .fenced(left: "(", right: ")", [fraction]), kind: .inner)
    case "sqrt":
      let index = optionalArgument()
      return MathAtom(nucleus: .root(argument(after: token), index: index))
    case "left":
      return fenced(token)
    case "begin":
      return environment(token)
    case "text", "mbox", "textrm", "textbf", "textit":
      return text(name, token)
    case "operatorname":
      return operatorName(token)
    case "pmod":
      let body = [sign("mod", .binary), MathAtom(nucleus: .space("0.3333em"), kind: .none)] + argument(after: token)
      return MathAtom(nucleus: .fenced(left: "(", right: ")", body), kind: .inner)
    default:
      return composed(name, token)
    }
  }

  /// Atoms put together of others: one over the other, hidden, or given a class.
  private mutating func composed(_ name: String, _ token: TeXToken) -> MathAtom? {
    switch name {
    case "overset", "stackrel":
      let over = argument(after: token)
      let base = argument(after: token)
      return MathAtom(nucleus: .stacked(base, over: over, under: nil), kind: kind(of: base))
    case "underset":
      let under = argument(after: token)
      let base = argument(after: token)
      return MathAtom(nucleus: .stacked(base, over: nil, under: under), kind: kind(of: base))
    case "phantom":
      return MathAtom(nucleus: .phantom(argument(after: token)))
    case "mathop":
      return MathAtom(nucleus: .row(argument(after: token)), kind: .largeOperator, limits: .movable)
    case "mathrel":
      return MathAtom(nucleus: .row(argument(after: token)), kind: .relation)
    case "mathbin":
      return MathAtom(nucleus: .row(argument(after: token)), kind: .binary)
    default:
      return nil
    }
  }

  /// Commands that change what stands before or behind them; everything else is unknown.
  private mutating func modifier(_ name: String, _ token: TeXToken, _ atoms: inout [MathAtom]) {
    switch name {
    case "limits", "nolimits":
      guard atoms.last?.kind == .largeOperator else {
        fault(token, "'\\\(name)' must follow an operator such as \\sum")
        return
      }
      atoms[atoms.count - 1].limits = name == "limits" ? .stacked : .beside
    case "displaystyle", "textstyle", "scriptstyle":
      // Reaches to the end of the group; the closing token stays for whoever opened it.
      let rest = list { _ in false }
      let isDisplay = name == "displaystyle"
      atoms.append(
        MathAtom(nucleus: .styled(display: isDisplay, level: name == "scriptstyle" ? 1 : 0, rest)))
    case "not":
      let next = scanner.peek()
      var following: [MathAtom] = []
      if case .command(let other) = next.kind, let text = TeXSymbols.relations[other] {
        following = [sign(text, .relation)]
      } else if case .character(let scalar) = next.kind, "=<>".unicodeScalars.contains(scalar) {
        following = [sign(String(scalar), .relation)]
      }
      guard case .sign(let text, _)? = following.first?.nucleus else {
        fault(token, "'\\not' must stand before a relation such as = or \\in")
        return
      }
      _ = scanner.next()
      atoms.append(sign(TeXSymbols.negated[text] ?? text + "\u{338}", .relation, isStretchy: false))
    case "tag":
      guard let group = scanner.rawGroup() else {
        fault(token, "'\\tag' needs a text in braces")
        return
      }
      tag = group.text
    case "label", "nonumber", "notag":
      fault(token, "'\\\(name)' is not supported", ["number an equation with \\tag{…}"])
    default:
      unknown(name, token)
    }
  }

  private mutating func unknown(_ name: String, _ token: TeXToken) {
    if name.isEmpty {
      fault(token, "backslash at the end of the formula")
      return
    }
    let near = Spelling.nearest(to: name, in: TeXSymbols.allCommands).map { "'\\\($0)'" }
    fault(
      token, "unknown command '\\\(name)'",
      near.isEmpty ? [] : ["did you mean \(Spelling.alternatives(near))?"])
  }

  // MARK: - Text and names

  private mutating func text(_ name: String, _ token: TeXToken) -> MathAtom {
    guard let group = scanner.rawGroup() else {
      fault(token, "'\\\(name)' needs a text in braces")
      return MathAtom(nucleus: .row([]))
    }
    let style = ["textbf": "font-weight:bold", "textit": "font-style:italic"][name]
    return MathAtom(nucleus: .text(plain(group), style: style))
  }

  private mutating func operatorName(_ token: TeXToken) -> MathAtom {
    var hasLimits = false
    if scanner.peek().kind == .character("*") {
      _ = scanner.next()
      hasLimits = true
    }
    guard let group = scanner.rawGroup() else {
      fault(token, "'\\operatorname' needs a name in braces")
      return MathAtom(nucleus: .row([]))
    }
    return MathAtom(
      nucleus: .function(plain(group)), kind: .largeOperator, limits: hasLimits ? .movable : .beside)
  }

  /// The text of a raw group: escaped signs are resolved, other commands are faults.
  private mutating func plain(_ group: (text: String, lower: Int, upper: Int)) -> String {
    var result = ""
    var inner = Array(group.text.unicodeScalars)[...]
    var offset = group.lower
    while let scalar = inner.popFirst() {
      let start = offset
      offset += UTF8.width(scalar)
      if scalar == "\\", let next = inner.popFirst() {
        offset += UTF8.width(next)
        if "{}%$#&_ ".unicodeScalars.contains(next) {
          result.unicodeScalars.append(next)
        } else if next == "," {
          result += "\u{2009}"
        } else {
          fault(
            TeXToken(kind: .command(String(next)), lower: start, upper: offset), "commands are not supported in text")
        }
      } else if scalar == "$" {
        fault(TeXToken(kind: .end, lower: start, upper: offset), "formulas are not supported in text")
      } else if scalar == "~" || scalar.properties.isWhitespace {
        result += "\u{A0}"
      } else if scalar != "{", scalar != "}" {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private func kind(of atoms: [MathAtom]) -> AtomClass { atoms.count == 1 ? atoms[0].kind : .ordinary }
}
