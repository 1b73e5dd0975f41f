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
