import Markup

/// Writes atoms as MathML Core, with the spaces TeX would put between them.
///
/// Source of the spacing: The TeXbook, chapter 18, in the rows that matter here; operators keep the spaces of the
/// MathML Core dictionary, which are TeX's, and lose them inside scripts.
struct MathMLWriter {
  private var out = MarkupWriter()
  /// Whether the atoms stand in a script, where operators take no space.
  private var isScript = false

  private static let thin = "0.1667em"

  /// A whole formula, with its TeX kept for copying and for search.
  static func markup(_ atoms: [MathAtom], tex: String, isDisplay: Bool) -> TrustedMarkup {
    var writer = MathMLWriter()
    writer.row(atoms)
    let body = writer.out.result
    return MarkupWriter.make { out in
      out.element("math", ["display": isDisplay ? "block" : nil]) { math in
        math.element("semantics") { semantics in
          semantics.markup(body)
          semantics.element("annotation", ["encoding": "application/x-tex"], text: tex)
        }
      }
    }
  }

  // MARK: - Rows

  /// Writes atoms as exactly one element.
  private mutating func row(_ atoms: [MathAtom]) {
    if atoms.count == 1, atoms[0].kind != AtomClass.none {
      spaced(atoms)
    } else {
      nested("mrow") { $0.spaced(atoms) }
    }
  }

  /// Writes atoms one after the other, with the space their classes ask for.
  private mutating func spaced(_ list: [MathAtom]) {
    let atoms = FenceGrouping.apply(to: list)
    var previous: AtomClass?
    for (index, atom) in atoms.enumerated() {
      let following = atoms[(index + 1)...].first { $0.kind != AtomClass.none }?.leading
      var atom = atom
      if atom.kind == .binary, !MathMLWriter.isBinary(previous, following) { atom.kind = .ordinary }
      write(atom, previous: previous, following: following)
      if atom.kind != AtomClass.none { previous = atom.kind }
    }
  }

  /// Whether a sign stands between two operands (TeXbook, chapter 17: otherwise it is an ordinary atom).
  private static func isBinary(_ previous: AtomClass?, _ following: AtomClass?) -> Bool {
    switch previous {
    case nil, .binary, .largeOperator, .relation, .opening, .punctuation: return false
    default: break
    }
    switch following {
    case nil, .relation, .closing, .punctuation: return false
    default: return true
    }
  }

  private mutating func write(_ atom: MathAtom, previous: AtomClass?, following: AtomClass?) {
    if atom.kind == .largeOperator {
      largeOperator(atom, previous: previous, following: following)
    } else if atom.lower == nil, atom.upper == nil {
      nucleus(atom, isFirst: previous == nil)
    } else {
      scripts(atom) { writer in writer.nucleus(atom, isFirst: previous == nil) }
    }
  }

  // MARK: - Scripts

  private mutating func scripts(_ atom: MathAtom, _ base: (inout MathMLWriter) -> Void) {
    let isStacked = atom.limits != .beside
    let name =
      switch (atom.lower != nil, atom.upper != nil) {
      case (true, true): isStacked ? "munderover" : "msubsup"
      case (true, false): isStacked ? "munder" : "msub"
      default: isStacked ? "mover" : "msup"
      }
    nested(name) { writer in
      base(&writer)
      writer.isScript = true
      if let lower = atom.lower { writer.row(lower) }
      if let upper = atom.upper { writer.row(upper) }
    }
  }

  private mutating func nested(_ name: String, _ attributes: Attributes = [:], _ body: (inout MathMLWriter) -> Void) {
    var inner = MathMLWriter()
    inner.isScript = isScript
    body(&inner)
    out.element(name, attributes, markup: inner.out.result)
  }

  // MARK: - Operators

  /// Writes ∑, log, max and their kin with thin spaces towards their neighbours.
  private mutating func largeOperator(_ atom: MathAtom, previous: AtomClass?, following: AtomClass?) {
    let before = !isScript && MathMLWriter.isOperand(previous)
    let after = !isScript && (MathMLWriter.isOperand(following) && following != .closing || following == .largeOperator)
    guard case .function(let name) = atom.nucleus else {
      signOperator(atom, before: before, after: after)
      return
    }
    let hasScripts = atom.lower != nil || atom.upper != nil
    if atom.limits != .beside && hasScripts {
      scripts(atom) { writer in
        writer.out.element(
          "mo",
          [
            "movablelimits": atom.limits == .movable ? "true" : "false", "form": "prefix",
            "lspace": before ? MathMLWriter.thin : "0", "rspace": after ? MathMLWriter.thin : "0",
          ], text: name)
      }
      return
    }
    if before { out.empty("mspace", ["width": MathMLWriter.thin]) }
    if hasScripts {
      scripts(atom) { $0.identifier(name, isUpright: true) }
    } else {
      identifier(name, isUpright: true)
    }
    out.element("mo", text: "\u{2061}")
    if after { out.empty("mspace", ["width": MathMLWriter.thin]) }
  }

  private mutating func signOperator(_ atom: MathAtom, before: Bool, after: Bool) {
    let hasScripts = atom.lower != nil || atom.upper != nil
    let base: (inout MathMLWriter) -> Void = { writer in
      guard case .sign(let text, _) = atom.nucleus else {
        writer.nucleus(atom, isFirst: true)
        return
      }
      writer.out.element(
        "mo",
        [
          "movablelimits": atom.limits == .stacked ? "false" : nil, "lspace": before ? MathMLWriter.thin : "0",
          "rspace": after ? MathMLWriter.thin : "0",
        ], text: text)
    }
    if hasScripts { scripts(atom, base) } else { base(&self) }
  }

  private static func isOperand(_ kind: AtomClass?) -> Bool {
    switch kind {
    case .ordinary, .closing, .inner: true
    default: false
    }
  }

  private mutating func sign(_ text: String, _ atom: MathAtom, isStretchy: Bool?, isFirst: Bool) {
    var attributes = Attributes()
    let needsForm = text == "|" || text == "‖" || text == "∣" || text == "∥"
    switch atom.kind {
    case .opening: attributes.append("form", needsForm ? "prefix" : nil)
    case .closing: attributes.append("form", needsForm || text == "!" ? "postfix" : nil)
    case .ordinary where text == "+" || text == "−" || text == "±" || text == "∓":
      // A sign without a left operand: the dictionary's prefix form has no space.
      attributes.append("form", "prefix")
    case .ordinary:
      attributes.append("lspace", "0")
      attributes.append("rspace", "0")
    case .relation where needsForm || text == ":":
      attributes.append("lspace", isScript ? "0" : "0.2778em")
      attributes.append("rspace", isScript ? "0" : "0.2778em")
    case .binary where isScript, .relation where isScript:
      attributes.append("lspace", "0")
      attributes.append("rspace", "0")
    case .punctuation:
      attributes.append("separator", "true")
    case .relation where isFirst:
      attributes.append("form", "infix")
    default: break
    }
    if let isStretchy, MathMLWriter.stretches(text) { attributes.append("stretchy", isStretchy ? "true" : "false") }
    out.element("mo", attributes, text: text)
  }

  /// Whether the MathML Core dictionary would stretch the sign by itself.
  private static func stretches(_ text: String) -> Bool {
    "()[]{}|‖⟨⟩⌊⌋⌈⌉∣∥↑↓→←↔⇒⇐⇔↦⟶⟵⟼↪⟹⟺".contains(text)
  }

  // MARK: - Nuclei

  private mutating func identifier(_ text: String, isUpright: Bool) {
    // One plain letter is slanted by default; longer names and other characters stand upright anyway.
    let isSingle = text.unicodeScalars.count == 1
    out.element("mi", ["mathvariant": isUpright && isSingle ? "normal" : nil], text: text)
  }

  private mutating func nucleus(_ atom: MathAtom, isFirst: Bool) {
    switch atom.nucleus {
    case .identifier(let text, let isUpright): identifier(text, isUpright: isUpright)
    case .number(let text): out.element("mn", text: text)
    case .sign(let text, let isStretchy): sign(text, atom, isStretchy: isStretchy, isFirst: isFirst)
    case .function(let text): identifier(text, isUpright: true)
    case .text(let text, let style): out.element("mtext", ["style": style], text: text)
    case .space(let width): out.empty("mspace", ["width": width])
    case .row(let atoms): row(atoms)
    case .middle(let text):
      out.element("mo", ["stretchy": "true", "form": "infix", "lspace": "0.2778em", "rspace": "0.2778em"], text: text)
    case .sizedDelimiter(let text, let size, let form):
      out.element(
        "mo",
        [
          "stretchy": "true", "minsize": size, "maxsize": size, "form": form.isEmpty ? nil : form,
          "lspace": form.isEmpty ? "0" : nil, "rspace": form.isEmpty ? "0" : nil,
        ], text: text)
    default: compound(atom.nucleus)
    }
  }

  private mutating func compound(_ nucleus: MathNucleus) {
    switch nucleus {
    case .fraction(let over, let under, let style):
      let fraction: (inout MathMLWriter) -> Void = { writer in
        writer.nested("mfrac", ["linethickness": style.hasBar ? nil : "0"]) { inner in
          inner.row(over)
          inner.row(under)
        }
      }
      guard let isDisplay = style.isDisplay else { return fraction(&self) }
      nested("mstyle", ["displaystyle": isDisplay ? "true" : "false", "scriptlevel": "0"], fraction)
    case .root(let radicand, let index):
      nested(index == nil ? "msqrt" : "mroot") { inner in
        inner.row(radicand)
        if let index { inner.row(index) }
      }
    case .accent(let base, let mark, let isUnder, let isStretchy):
      nested(isUnder ? "munder" : "mover", [isUnder ? "accentunder" : "accent": "true"]) { inner in
        inner.row(base)
        inner.out.element("mo", ["stretchy": isStretchy ? "true" : "false"], text: mark)
      }
    case .stacked(let base, let over, let under):
      nested(over != nil ? "mover" : "munder") { inner in
        inner.row(base)
        inner.isScript = true
        inner.row(over ?? under ?? [])
      }
    case .fenced(let left, let right, let atoms):
      nested("mrow") { inner in
        if !left.isEmpty { inner.out.element("mo", ["form": "prefix", "stretchy": "true"], text: left) }
        inner.spaced(atoms)
        if !right.isEmpty { inner.out.element("mo", ["form": "postfix", "stretchy": "true"], text: right) }
      }
    case .table(let table): grid(table)
    case .styled(let display, let level, let atoms):
      let style = display.map { $0 ? "true" : "false" }
      nested("mstyle", ["displaystyle": style, "scriptlevel": String(level)]) { $0.row(atoms) }
    case .phantom(let atoms): nested("mphantom") { $0.row(atoms) }
    default: break
    }
  }

  private mutating func grid(_ table: MathTable) {
    let isDisplay = table.isDisplay ? "true" : "false"
    nested("mtable", ["displaystyle": isDisplay, "scriptlevel": "0"]) { body in
      for row in table.rows {
        body.nested("mtr") { line in
          for (index, cell) in row.enumerated() {
            let column = table.columns[index % table.columns.count]
            line.nested("mtd", ["style": MathMLWriter.style(column, index, table)]) { $0.spaced(cell) }
          }
        }
      }
    }
  }

  private static func style(_ column: MathTable.Column, _ index: Int, _ table: MathTable) -> String {
    var style = "text-align:\(column.rawValue)"
    if table.isPaired {
      style += index % 2 == 0 ? ";padding-right:0" : ";padding-left:0"
    } else if table.left == "{" && table.right.isEmpty {
      style += index == 0 ? ";padding-right:0" : ";padding-left:1em"
    }
    return style
  }
}
