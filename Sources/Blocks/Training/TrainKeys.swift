import Directives
import Optimization
import Training

/// How a training run goes, for every directive and command that trains.
enum TrainKeys {
  static let steps = Key.int("steps", in: 1...10_000_000, standard: 100, "how many steps")
  static let batch = Key.int("batch", in: 1...1_000_000, standard: 16, "texts of a step")
  static let length = Key.int(
    "length", in: 2...1_000_000, standard: 128, "tokens of a window; a longer text is cut into several")
  static let rate = Key.number(
    "rate", in: 0...10, standard: 1e-4, "the largest learning rate; it falls along half a cosine to 0")
  static let warmup = Key.int("warmup", in: 0...10_000_000, standard: 0, "steps over which the rate rises from 0")
  static let decay = Key.number("decay", in: 0...10, standard: 0.01, "weight decay, of every parameter")
  static let clip = Key.number(
    "clip", in: 0...1_000_000, standard: 0, "the largest norm of all gradients together; 0 for any")
  static let texts = Key.int("train", standard: 1000, "texts that train: the first usable ones", unit: "texts")

  static let all: [any KeyDeclaration] = [texts, steps, batch, length, rate, warmup, decay, clip]

  static func settings(_ bound: BoundDirective) -> TrainingSettings {
    var settings = TrainingSettings(steps: bound[steps], batch: bound[batch], learningRate: bound[rate])
    settings.warmup = bound[warmup]
    settings.optimizer.weightDecay = bound[decay]
    settings.clip = bound[clip] > 0 ? bound[clip] : nil
    return settings
  }
}
