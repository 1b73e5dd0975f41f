extension JSONNumber: Codable, ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(value) }

  public init(from decoder: any Decoder) throws {
    if let tree = decoder as? TreeDecoder {
      self = try tree.read(JSONNumber.self)
    } else if let number = JSONNumber(try decoder.singleValueContainer().decode(Double.self)) {
      self = number
    } else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a finite number"))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if let tree = encoder as? TreeEncoder { return try tree.put(self) }
    var container = encoder.singleValueContainer()
    try container.encode(asDouble)
  }
}

/// Any JSON inside a typed value; only for `JSON.encode` and `JSON.decode`, which keep it as it is.
extension JSONValue: Codable {
  public init(from decoder: any Decoder) throws {
    guard let tree = decoder as? TreeDecoder else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not read by JSON.decode"))
    }
    self = tree.value
  }

  public func encode(to encoder: any Encoder) throws {
    guard let tree = encoder as? TreeEncoder else {
      throw EncodingError.invalidValue(
        self, .init(codingPath: encoder.codingPath, debugDescription: "not written by JSON.encode"))
    }
    tree.node.content = .value(self)
  }
}
