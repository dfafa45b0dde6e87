/**
 * How fast the kernels are. {@link lanewise.benchmarks.Main} reads the command line; the benchmarks themselves, a pair of
 * SIMD and scalar for every kernel, stand in {@link lanewise.benchmarks.jmh}.
 */
package lanewise.benchmarks;
