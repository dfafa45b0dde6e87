package lanewise.kernels;

/** Whether an operand of a matrix product is used as it is stored or transposed. */
public enum Transpose {
    /** op(X) = X. */
    N,
    /** op(X) = X<sup>T</sup>. */
    T
}
