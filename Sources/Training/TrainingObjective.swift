import Transformers

/// What training makes small.
public protocol TrainingObjective {
  /// The loss of a batch, and its gradient.
  ///
  /// - Parameters:
  ///   - parameters: The weights.
  ///   - texts: The tokens of each text.
  ///   - gradient: Where the gradient is added; nil where the loss alone is wanted.
  ///   - step: The number of the step, from 0, for what is drawn anew at each of them.
  ///   - keeping: Bytes of intermediate results that may be kept for the way back.
  /// - Throws: `ModelError`; code `notFinite` where the loss is none.
  func evaluate(
    _ parameters: ParameterList, texts: [[Int]], step: Int, addingTo gradient: ParameterList?, keeping: Int
  ) throws -> TrainingLoss
}

/// The loss of one batch.
public struct TrainingLoss: Sendable, Equatable {
  /// What is made small.
  public var total: Double
  /// What it is the sum of, by name.
  public var parts: [Part]

  /// One addend, or one number of every layer.
  public struct Part: Sendable, Equatable {
    public var name: String
    /// One number, or one for each layer; nil where a layer has none.
    public var values: [Double?]
  }

  public init(total: Double, parts: [Part] = []) { (self.total, self.parts) = (total, parts) }

  /// The numbers of a part; none where there is no such part.
  public subscript(part: String) -> [Double?] { parts.first { $0.name == part }?.values ?? [] }
}
