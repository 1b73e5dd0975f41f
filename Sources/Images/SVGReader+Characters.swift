import Markup

extension SVGReader {
  // MARK: - Characters

  mutating func name() throws(ImageError) -> String {
    let start = place
    while place < bytes.count, Self.isNameByte(bytes[place]) { place += 1 }
    guard place > start, !(0x2D...0x39).contains(bytes[start]) else { throw fault("a name is expected") }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x3A).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
      || byte >= 0x80
  }

  /// The text of a range with its references resolved.
  func unescaped(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    guard bytes[range].contains(0x26) else { return Array(bytes[range]) }
    var text: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == 0x26 else {
        text.append(bytes[index])
        index += 1
        continue
      }
      guard let end = bytes[index..<min(range.upperBound, index + 12)].firstIndex(of: 0x3B),
        let scalar = Self.character(ofReference: String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
      else { throw fault("an entity that is not known") }
      text += Array(String(scalar).utf8)
      index = end + 1
    }
    return text
  }

  /// The character that a reference stands for; control characters have no place in a drawing.
  private static func character(ofReference name: String) -> Unicode.Scalar? {
    guard let scalar = Escaping.character(ofReference: name) else { return nil }
    return scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" ? scalar : nil
  }

  static func escaped(_ text: [UInt8], inAttribute: Bool) -> [UInt8] {
    var result: [UInt8] = []
    for byte in text {
      switch byte {
      case 0x26: result += "&amp;".utf8
      case 0x3C: result += "&lt;".utf8
      case 0x3E: result += "&gt;".utf8
      case 0x22 where inAttribute: result += "&quot;".utf8
      case 0x09, 0x0A, 0x0D: result.append(inAttribute ? 0x20 : byte == 0x0D ? 0x0A : byte)
      default: result.append(byte)
      }
    }
    return result
  }

  func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  mutating func skipBlanks() { while place < bytes.count, isBlank(bytes[place]) { place += 1 } }

  mutating func take(_ byte: UInt8) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  func starts(with text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

  mutating func skip(past mark: String) throws(ImageError) {
    let mark = Array(mark.utf8)
    var index = place
    while index + mark.count <= bytes.count {
      if bytes[index] == mark[0], bytes[index...].starts(with: mark) {
        place = index + mark.count
        return
      }
      index += 1
    }
    throw fault("'\(String(decoding: mark, as: UTF8.self))' is missing")
  }

  func fault(_ what: String) -> ImageError {
    let line = 1 + bytes[..<min(place, bytes.count)].count { $0 == 0x0A }
    return ImageError("is no well-formed SVG: line \(line): \(what)")
  }
}

extension SVGReader {
  /// The size that the root states in pixels or points, else its view box.
  static func size(_ attributes: [(name: String, value: String)]) -> (width: Int, height: Int)? {
    func length(_ name: String) -> Double? {
      guard let text = attributes.first(where: { $0.name == name })?.value else { return nil }
      let digits = text.prefix { "0123456789.".contains($0) }
      guard let number = Double(digits) else { return nil }
      switch text[digits.endIndex...] {
      case "", "px": return number
      case "pt": return number * 4 / 3
      case "in": return number * 96
      case "cm": return number * 96 / 2.54
      case "mm": return number * 96 / 25.4
      default: return nil
      }
    }
    let box = attributes.first { $0.name == "viewBox" }?.value.split { $0 == " " || $0 == "," }.map { Double($0) } ?? []
    guard let width = length("width") ?? (box.count == 4 ? box[2] : nil),
      let height = length("height") ?? (box.count == 4 ? box[3] : nil),
      (1...100_000).contains(width), (1...100_000).contains(height)
    else { return nil }
    return (Int(width.rounded()), Int(height.rounded()))
  }
}
