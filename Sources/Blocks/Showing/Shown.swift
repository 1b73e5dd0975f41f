import Directives

/// A result that is to be shown, with what it is about; its fields are read as if they were its own.
@dynamicMemberLookup
public struct Shown<Result: Sendable>: Sendable {
  public let result: Result
  let evaluation: Evaluation
  /// The answers of the models it is compared with.
  let others: [Shown]

  /// This one and those it is compared with.
  public var all: [Shown] { [self] + others }

  /// The model's name in the book.
  public var name: String { evaluation.model?.name ?? "" }

  /// Index of the model's colour: the same wherever a page shows the model.
  public var color: Int { evaluation.color }

  /// The sample and the model's shape.
  public var facts: Facts { evaluation.facts }

  /// The word that chose the view; empty where the directive has but one.
  public var keyword: String { evaluation.bound.view.last ?? "" }

  public subscript<Value>(dynamicMember path: KeyPath<Result, Value>) -> Value { result[keyPath: path] }

  /// The value of a setting.
  public subscript<Value>(key: Key<Value>) -> Value { evaluation.bound[key] }
}
