import Transformers

/// A model reads states through its own final norm and unembedding.
extension Model: Head {}
