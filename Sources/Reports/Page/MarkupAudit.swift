import Images
import Markup

/// Finds markup that the program never writes: scripts, handlers, addresses that are fetched, elements of other kinds.
///
/// It does not ask what made the page. Pages are written as XML, tag for tag; whatever does not read as one of their
/// tags is a finding.
struct MarkupAudit {
  /// What is in the page that no page has.
  private(set) var findings: [String] = []

  private let bytes: [UInt8]
  private var place = 0

  /// Elements that the program writes, MathML and SVG among them.
  private static let elements = Set(
    """
    html head meta title style body header nav main section footer h1 h2 h3 h4 h5 h6 p a em strong b i code pre \
    blockquote ul ol li hr br table caption thead tbody tr th td figure figcaption details summary div span sup sub \
    data button link del input img abbr dl dt dd time svg g path rect circle line polyline polygon ellipse text tspan desc defs \
    stop pattern clipPath linearGradient image use math semantics annotation mrow mi mn mo mtext mspace msub msup \
    msubsup mover munder munderover mfrac msqrt mroot mstyle mtable mtr mtd mpadded script
    """.split(separator: " ").map(String.init))

  /// Attributes whose values are addresses.
  private static let addresses: Set<String> = ["href", "src", "xlink:href", "action", "formaction", "data", "srcset"]

  init(page: [UInt8]) {
    bytes = page
    while let tag = nextTag() { check(tag) }
  }

  private struct Tag {
    var name: String
    var attributes: [(name: String, value: String)] = []
  }

  // MARK: - What may stand in a page

  private mutating func check(_ tag: Tag) {
    if !Self.elements.contains(tag.name) { return add("an element <\(tag.name)>") }
    for (name, value) in tag.attributes {
      if name.lowercased().hasPrefix("on") { add("a handler '\(name)' in <\(tag.name)>") }
      if Self.addresses.contains(name), !Self.isHarmless(value, in: tag.name), tag.name != "link" {
        add("the address '\(value.prefix(60))' in <\(tag.name)>")
      }
      if name == "style", Self.fetches(value) { add("an address in the style of <\(tag.name)>") }
      if name == "http-equiv", value != "Content-Security-Policy" { add("a directive '\(value)' to the browser") }
    }
    if tag.name == "link", !Self.isEdition(tag) { add("a link that is no other language of the page") }
    if tag.name == "button", !Set(tag.attributes.map(\.name)).isSubset(of: Self.buttonAttributes) {
      add("a button that does more than open a part of the page")
    }
    if tag.name == "img" { checkImage(tag) }
    if tag.name == "script" { checkScript(tag) }
    if tag.name == "style" { checkStyle() }
  }

  /// What a button of a page has: it opens and closes parts of the page, and sends nothing.
  private static let buttonAttributes: Set<String> = ["class", "popovertarget", "popovertargetaction", "title"]

  /// Whether a link in the head names another language of the page, which no browser fetches.
  private static func isEdition(_ tag: Tag) -> Bool {
    guard tag.attributes.map(\.name) == ["rel", "hreflang", "href"], tag.attributes[0].value == "alternate" else {
      return false
    }
    return isHarmless(tag.attributes[2].value, in: "a")
  }

  /// An image is one that the program would embed, byte by byte: of an SVG, what may stay of it.
  private mutating func checkImage(_ tag: Tag) {
    let address = tag.attributes.first { $0.name == "src" }?.value ?? ""
    guard let bytes = EmbeddedImage.bytes(ofAddress: address), let image = try? EmbeddedImage(bytes),
      image.bytes == bytes, address == image.address
    else { return add("an image that is none of those it embeds") }
    if !tag.attributes.contains(where: { $0.name == "alt" && !$0.value.isEmpty }) { add("an image without a text") }
  }

  /// The manifest is the only script, and it is data.
  private mutating func checkScript(_ tag: Tag) {
    let isManifest =
      tag.attributes.map(\.name) == ["type", "id"]
      && tag.attributes.map(\.value) == ["application/json", "layerbook-manifest"]
    if !isManifest { add("a script that is not the manifest") }
    _ = skip(to: "</script>")
  }

  private mutating func checkStyle() {
    guard let text = skip(to: "</style>") else { return }
    if Self.fetches(text) { add("a style that fetches something") }
  }

  /// Whether an address is a place on the page, data within it, or a link that only a reader's click follows.
  private static func isHarmless(_ address: String, in element: String) -> Bool {
    if address.hasPrefix("#") || address.hasPrefix("data:image/") { return true }
    // A browser passes over control characters, wherever they stand.
    guard element == "a", !address.unicodeScalars.contains(where: { $0.value <= 0x20 }) else { return false }
    let scheme = address.prefix { $0 != ":" }
    let isScheme =
      scheme.endIndex < address.endIndex
      && scheme.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0)
      }
    return !isScheme || !["javascript", "vbscript", "data", "file"].contains(scheme.lowercased())
  }

  /// Whether a style names anything but data.
  private static func fetches(_ style: String) -> Bool {
    if style.utf8.contains(UInt8(ascii: "\\")) || style.contains("@import") { return true }
    guard style.utf8.contains(UInt8(ascii: "(")) else { return false }
    return style.split(separator: "url(", omittingEmptySubsequences: false).dropFirst().contains { rest in
      let address = rest.drop { $0 == "\"" || $0 == "'" || $0 == " " }
      return !address.hasPrefix("data:") && !address.hasPrefix("#")
    }
  }

  private mutating func add(_ what: String) {
    let finding = "the page has \(what), which no page has"
    if !findings.contains(finding) { findings.append(finding) }
  }

  // MARK: - Reading tags

  /// The next opening tag; nil at the end of the page.
  private mutating func nextTag() -> Tag? {
    while let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
      place = start + 1
      guard place < bytes.count else { break }
      if bytes[place] == UInt8(ascii: "/") { continue }
      if start == 0, skip(to: "DOCTYPE html>")?.allSatisfy({ $0 == "!" }) ?? false { continue }
      if let tag = readTag() { return tag }
      place = start + 1
      add("a '<' that begins no tag")
    }
    return nil
  }

  /// A tag as the program writes one: name, attributes in double quotes, nothing else.
  private mutating func readTag() -> Tag? {
    guard let name = readName() else { return nil }
    var tag = Tag(name: name)
    while place < bytes.count {
      if take("/>") || take(">") { return tag }
      guard take(" "), let attribute = readName(), take("=\""),
        let end = bytes[place...].firstIndex(of: UInt8(ascii: "\""))
      else { return nil }
      let value = String(decoding: bytes[place..<end], as: UTF8.self)
      let decoded = Self.decoded(value)
      if decoded == nil { add("a reference that is none of those it writes in <\(name)>") }
      tag.attributes.append((attribute, decoded ?? value))
      place = end + 1
    }
    return nil
  }

  private mutating func readName() -> String? {
    let name = bytes[place...].prefix { byte in
      (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x3A
    }
    guard !name.isEmpty else { return nil }
    place += name.count
    return String(decoding: name, as: UTF8.self)
  }

  private mutating func take(_ text: String) -> Bool {
    guard bytes[place...].starts(with: text.utf8) else { return false }
    place += text.utf8.count
    return true
  }

  /// Goes on after `mark`; the text up to it, nil where it does not come.
  private mutating func skip(to mark: String) -> String? {
    let mark = Array(mark.utf8)
    var end = place
    while let found = bytes[end...].firstIndex(of: mark[0]) {
      if bytes[found...].starts(with: mark) {
        defer { place = found + mark.count }
        return String(decoding: bytes[place..<found], as: UTF8.self)
      }
      end = found + 1
    }
    return nil
  }

  /// A value with the characters that its references stand for, as a browser would read it; nil where one is none that
  /// the program writes.
  private static func decoded(_ value: String) -> String? {
    guard value.utf8.contains(UInt8(ascii: "&")) else { return value }
    var text = String.UnicodeScalarView()
    var rest = value.unicodeScalars[...]
    while let start = rest.firstIndex(of: "&") {
      text += rest[..<start]
      rest = rest[start...].dropFirst()
      guard let end = rest.firstIndex(of: ";"), let scalar = Escaping.character(ofReference: String(rest[..<end]))
      else {
        return nil
      }
      text.append(scalar)
      rest = rest[end...].dropFirst()
    }
    return String(text + rest)
  }
}
