/// A JSON object: members in the order given, found by the exact UTF-8 bytes of their names.
///
/// Swift's `String ==` holds two spellings of the same character for equal ("é" in one scalar or two), a tokenizer's
/// vocabulary does not; so names are never compared as strings here.
public struct JSONObject: Sendable, Equatable, Sequence, ExpressibleByDictionaryLiteral {
  /// One member.
  public typealias Element = (key: String, value: JSONValue)

  private var members: [Element] = []
  /// Filled once there are more members than a linear search should walk.
  private var index: [JSONKey: Int] = [:]
  private static let linearLimit = 8

  /// An object without members.
  public init() {}

  /// An object of these members, in this order; every name may occur once.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (key, value) in members {
      let isNew = append(value, forKey: key)
      precondition(isNew, "duplicate member name '\(key)'")
    }
  }

  /// An object of these members, in this order; every name may occur once.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements)
  }

  /// The number of members.
  public var count: Int { members.count }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The names, in order.
  public var keys: [String] { members.map(\.key) }

  /// The members, in order.
  public func makeIterator() -> IndexingIterator<[Element]> { members.makeIterator() }

  /// The value of a member: nil when there is none; assigning replaces it in place, appends it, or (nil) removes it.
  public subscript(key: String) -> JSONValue? {
    get { position(of: key).map { members[$0].value } }
    set {
      switch (position(of: key), newValue) {
      case (let place?, let value?): members[place].value = value
      case (nil, let value?): _ = append(value, forKey: key)
      case (let place?, nil): remove(at: place)
      case (nil, nil): break
      }
    }
  }

  /// Adds a member at the end, and says false (adding nothing) when the name is taken.
  @discardableResult
  public mutating func append(_ value: JSONValue, forKey key: String) -> Bool {
    guard position(of: key) == nil else { return false }
    members.append((key, value))
    if members.count == Self.linearLimit + 1 {
      rebuildIndex()
    } else if members.count > Self.linearLimit {
      index[JSONKey(key)] = members.count - 1
    }
    return true
  }

  private mutating func remove(at place: Int) {
    members.remove(at: place)
    rebuildIndex()
  }

  private mutating func rebuildIndex() {
    index = [:]
    guard members.count > Self.linearLimit else { return }
    for (place, member) in members.enumerated() { index[JSONKey(member.key)] = place }
  }

  private func position(of key: String) -> Int? {
    guard members.count <= Self.linearLimit else { return index[JSONKey(key)] }
    let name = key.utf8
    return members.firstIndex { $0.key.utf8.count == name.count && $0.key.utf8.elementsEqual(name) }
  }

  /// Equality of members whatever their order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
  }
}

/// A string that equals another only when their UTF-8 bytes do.
struct JSONKey: Hashable {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  static func == (left: JSONKey, right: JSONKey) -> Bool {
    left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Hashes eight bytes at a time; `Hasher` is slow on single ones.
  func hash(into hasher: inout Hasher) {
    var word: UInt64 = 0
    var count = 0
    for byte in text.utf8 {
      word = word << 8 | UInt64(byte)
      count += 1
      if count & 7 == 0 {
        hasher.combine(word)
        word = 0
      }
    }
    hasher.combine(word)
    hasher.combine(count)
  }
}
