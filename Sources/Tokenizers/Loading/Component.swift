import JSONText

/// A JSON value of a tokenizer file together with the way to it, so that every complaint names its place.
struct Component {
  let path: String
  let name: String
  let value: JSONValue

  func error(_ code: TokenizerError.Code, _ message: String) -> TokenizerError {
    TokenizerError(code, path: path, place: .component(name), message)
  }

  /// A member; nil when it is absent or null.
  func member(_ key: String) throws(TokenizerError) -> Component? {
    guard case .object(let object) = value else { throw mismatch("an object") }
    guard let member = object[key], !member.isNull else { return nil }
    return Component(path: path, name: name.isEmpty ? key : "\(name).\(key)", value: member)
  }

  /// A member that must be there.
  func required(_ key: String) throws(TokenizerError) -> Component {
    guard let member = try member(key) else { throw error(.malformed, "'\(key)' is missing") }
    return member
  }

  /// The elements of an array.
  func elements() throws(TokenizerError) -> [Component] {
    guard case .array(let array) = value else { throw mismatch("an array") }
    return array.enumerated().map { Component(path: path, name: "\(name)[\($0.offset)]", value: $0.element) }
  }

  /// The members of an object.
  func members() throws(TokenizerError) -> [(key: String, value: Component)] {
    guard case .object(let object) = value else { throw mismatch("an object") }
    return object.map { ($0.key, Component(path: path, name: "\(name).\($0.key)", value: $0.value)) }
  }

  func string() throws(TokenizerError) -> String {
    guard let string = value.stringValue else { throw mismatch("a string") }
    return string
  }

  func integer() throws(TokenizerError) -> Int {
    guard let integer = value.intValue else { throw mismatch("a whole number") }
    return integer
  }

  func bool() throws(TokenizerError) -> Bool {
    guard let bool = value.boolValue else { throw mismatch("a boolean") }
    return bool
  }

  /// A Boolean option; absent or null means `standard`.
  func flag(_ key: String, default standard: Bool) throws(TokenizerError) -> Bool {
    try member(key)?.bool() ?? standard
  }

  /// What marks a token of this model that continues a word; absent or null means `standard`.
  func continuation(default standard: String) throws(TokenizerError) -> [UInt8] {
    Array(try member("continuing_subword_prefix")?.string().utf8 ?? standard.utf8)
  }

  private func mismatch(_ expected: String) -> TokenizerError {
    error(.malformed, "expected \(expected), found \(Self.described(value))")
  }

  private static func described(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .array: "an array"
    case .object: "an object"
    case .string(let text): "'\(Self.quoted(text))'"
    default: JSON.write(value)
    }
  }

  /// Text of a file for a message: short and on one line.
  static func quoted(_ text: String) -> String {
    let cut = String(text.unicodeScalars.prefix(200))
    return String(JSON.write(.string(cut)).dropFirst().dropLast())
  }

  /// The complaint about a kind of component that is not implemented.
  func unsupported(_ what: String, _ type: String, supported: [String]) -> TokenizerError {
    error(.unsupported, "unsupported \(what) '\(Self.quoted(type))' (supported: \(supported.joined(separator: ", ")))")
  }
}
