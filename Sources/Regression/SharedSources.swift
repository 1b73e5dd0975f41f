internal import Tensors

/// What all targets share of a source layer, by the method that its shape and rank ask for.
enum SharedSources: Sendable {
  /// As many dimensions as samples or more, all different: the Gram matrix, and the products of test with training sources,
  /// `[test, n]`.
  case kernel(SharedKernel, test: DoubleMatrix)
  /// Fewer dimensions, or repeated samples.
  case eigenBasis(EigenBasis)
  /// The sources are all there is: ridge regression of few dimensions.
  case sources

  init(source: DoubleMatrix, testSource: DoubleMatrix, options: SupportVectorOptions) throws(RegressionError) {
    if source.columns >= source.rows {
      // Active sets arrive where K has an inverse, and wander where it has none: noisy targets of a kernel that lacks a
      // few ranks took them a hundred times as long (measured).
      let kernel = try SharedKernel(source: source, options: options)
      if kernel.isRegular {
        self = .kernel(kernel, test: multiply(testSource, source, transposeB: true))
        return
      }
    } else if case .ridge = options.solver {
      self = .sources
      return
    }
    do {
      self = .eigenBasis(try EigenBasis(source))
    } catch {
      throw RegressionError(.linearAlgebra(error))
    }
  }

  /// Whether weights are found apart from coefficients.
  var findsWeights: Bool {
    if case .kernel = self { false } else { true }
  }
}
