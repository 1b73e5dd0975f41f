import Books
import Directives
import JSONText

/// A bound directive together with the model and the data it is about.
public struct Question {
  /// The directive with every default filled in.
  public let bound: BoundDirective
  /// The model it asks; nil for a directive that takes none.
  let asked: Subject?
  /// The data; nil where the subject is a file of captured states, which carries its own.
  public let dataset: DatasetEntry?

  init(bound: BoundDirective, subject: Subject?, dataset: DatasetEntry?) {
    (self.bound, asked, self.dataset) = (bound, subject, dataset)
  }

  /// The model it asks, for views of directives that take one.
  public var subject: Subject {
    guard let asked else { preconditionFailure("<<\(bound.name)>> takes no model") }
    return asked
  }

  /// The value of a key; its default where it was not given.
  public subscript<Value>(key: Key<Value>) -> Value { bound[key] }
}

extension Question {
  /// Stops where the subject is captured states, which no text can be run through.
  func requireTexts() throws {
    guard subject.statesFile == nil else {
      throw EngineError(
        "<<\(bound.name)>> runs texts, and '\(subject.entry.name)' is captured states",
        hint: "name its checkpoint in the book as a model of its own")
    }
  }
}

/// What an engine found.
public struct Answer<Result: Sendable>: Sendable {
  public var result: Result
  /// Facts a caption states: the sample's size, the model's shape.
  public var facts: Facts

  public init(result: Result, facts: Facts) {
    self.result = result
    self.facts = facts
  }
}

/// A name and the digest of what stands behind it.
public struct NamedDigest: Sendable, Equatable {
  /// The name in the book.
  public var name: String
  /// SHA-256, in hexadecimal.
  public var digest: String

  var json: JSONValue { .object(["name": .string(name), "digest": .string(digest)]) }
}
