/// Reads an SVG file as strict XML and writes what may stay of it.
///
/// XML 1.0 without entities of its own: a document type may be named, its internal subset may not be there. Written
/// are elements and attributes in the order of the file, each value escaped in one way, so that reading the result
/// gives the same again.
struct SVGReader {
  let bytes: [UInt8]
  var place = 0
  private var out: [UInt8] = []
  /// Open elements, and what becomes of each.
  private var open: [(name: String, fate: Fate)] = []
  private var elements = 0
  private(set) var leftOut: [String] = []
  private(set) var size: (width: Int, height: Int)?

  private enum Fate {
    case written
    /// Its content stays, it goes: a link in a drawing leads nowhere.
    case unwrapped
    case dropped
  }

  static let (mostElements, deepest) = (100_000, 100)
  private static let namespace = "http://www.w3.org/2000/svg"

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// What may stay.
  ///
  /// - Throws: `ImageError` where it is not well formed, or no SVG.
  mutating func read() throws(ImageError) -> [UInt8] {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw ImageError("is not UTF-8") }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    try prolog()
    guard place < bytes.count else { throw ImageError("is no SVG: it has no element") }
    repeat { try content() } while !open.isEmpty
    while place < bytes.count {
      if isBlank(bytes[place]) {
        place += 1
      } else if starts(with: "<!--") {
        try skip(past: "-->")
      } else {
        throw fault("something stands behind the last element")
      }
    }
    return out
  }

  // MARK: - Parts

  private mutating func prolog() throws(ImageError) {
    while place < bytes.count {
      if isBlank(bytes[place]) {
        place += 1
      } else if starts(with: "<?") {
        try skip(past: "?>")
      } else if starts(with: "<!--") {
        try skip(past: "-->")
      } else if starts(with: "<!DOCTYPE") {
        let end = bytes[place...].firstIndex { $0 == 0x3E || $0 == 0x5B }
        guard let end, bytes[end] == 0x3E else { throw fault("a document type with declarations of its own") }
        place = end + 1
      } else {
        break
      }
    }
    guard place < bytes.count, bytes[place] == 0x3C else { throw ImageError("is no image that is known, nor SVG") }
  }

  private mutating func content() throws(ImageError) {
    guard place < bytes.count else { throw fault("<\(open.last?.name ?? "")> is not closed") }
    if starts(with: "<!--") {
      try skip(past: "-->")
    } else if starts(with: "<![CDATA[") {
      place += 9
      let start = place
      try skip(past: "]]>")
      try write(text: Array(bytes[start..<(place - 3)]))
    } else if starts(with: "<?") {
      try skip(past: "?>")
    } else if starts(with: "</") {
      try close()
    } else if bytes[place] == 0x3C {
      try element()
    } else {
      let end = bytes[place...].firstIndex(of: 0x3C) ?? bytes.count
      let text = try unescaped(place..<end)
      place = end
      try write(text: text)
    }
  }

  private mutating func element() throws(ImageError) {
    place += 1
    let name = try self.name()
    elements += 1
    guard elements <= Self.mostElements else { throw fault("more than \(Self.mostElements) elements") }
    guard open.count < Self.deepest else { throw fault("elements nested more than \(Self.deepest) deep") }
    let (attributes, isClosed) = try self.attributes(of: name)
    let isRoot = open.isEmpty
    if isRoot {
      guard name == "svg", attributes.contains(where: { $0.name == "xmlns" && $0.value == Self.namespace }) else {
        throw ImageError("is no SVG: its first element must be <svg xmlns=\"\(Self.namespace)\">, found <\(name)>")
      }
      size = Self.size(attributes)
    }
    let local = name.split(separator: ":").last.map(String.init) ?? name
    let isKnown = SVGAllowList.elements.contains(name)
    if !isKnown, !name.contains(":"), !SVGAllowList.silent.contains(local) { leaveOut("<\(name)>") }
    let fate: Fate = open.last?.fate == .dropped ? .dropped : isKnown ? .written : name == "a" ? .unwrapped : .dropped
    if fate == .written {
      out += "<\(name)".utf8
      if isRoot { out += " xmlns=\"\(Self.namespace)\"".utf8 }
      let hasAddress = attributes.contains { $0.name == "href" }
      for attribute in attributes where !(hasAddress && attribute.name == "xlink:href") { write(attribute, of: name) }
      out += (isClosed ? "/>" : ">").utf8
    }
    if !isClosed { open.append((name, fate)) }
  }

  private mutating func close() throws(ImageError) {
    place += 2
    let name = try self.name()
    skipBlanks()
    guard take(0x3E), let last = open.popLast(), last.name == name else { throw fault("</\(name)> closes nothing") }
    if last.fate == .written { out += "</\(name)>".utf8 }
  }

  // MARK: - Attributes

  private typealias Attribute = (name: String, value: String)

  private mutating func attributes(of element: String) throws(ImageError) -> (list: [Attribute], isClosed: Bool) {
    var list: [Attribute] = []
    while true {
      let hasBlank = place < bytes.count && isBlank(bytes[place])
      skipBlanks()
      if starts(with: "/>") {
        place += 2
        return (list, true)
      }
      if take(0x3E) { return (list, false) }
      guard hasBlank else { throw fault("<\(element)> is not closed") }
      let name = try self.name()
      skipBlanks()
      guard take(0x3D) else { throw fault("attribute '\(name)' has no value") }
      skipBlanks()
      guard place < bytes.count, bytes[place] == 0x22 || bytes[place] == 0x27,
        let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
      else { throw fault("the value of '\(name)' is not in quotes") }
      let value = try unescaped((place + 1)..<end)
      guard !bytes[place..<end].contains(0x3C) else { throw fault("'<' in the value of '\(name)'") }
      place = end + 1
      guard !list.contains(where: { $0.name == name }) else { throw fault("'\(name)' is given twice") }
      list.append((name, String(decoding: value, as: UTF8.self)))
    }
  }

  private mutating func write(_ attribute: Attribute, of element: String) {
    var name = attribute.name == "xlink:href" ? "href" : attribute.name
    if name == "xml:space" { name = attribute.value == "preserve" ? name : "" }
    guard SVGAllowList.attributes.contains(name) || name == "xml:space" else {
      if name.lowercased().hasPrefix("on") { leaveOut(name) }
      return
    }
    guard SVGAllowList.allows(attribute.value, in: name, of: element) else {
      return leaveOut("\(name)=\"\(String(attribute.value.prefix(40)))\"")
    }
    out += " \(name)=\"".utf8
    out += Self.escaped(Array(attribute.value.utf8), inAttribute: true)
    out.append(0x22)
  }

  private mutating func write(text: [UInt8]) throws(ImageError) {
    guard let last = open.last else {
      guard text.allSatisfy({ isBlank($0) }) else { throw fault("text outside of <svg>") }
      return
    }
    guard last.fate != .dropped else { return }
    if last.name == "style", !SVGAllowList.isHarmless(style: String(decoding: text, as: UTF8.self)) {
      return leaveOut("a style that names something outside the file")
    }
    out += Self.escaped(text, inAttribute: false)
  }

  private mutating func leaveOut(_ what: String) {
    if !leftOut.contains(what), leftOut.count < 8 { leftOut.append(what) }
  }
}
