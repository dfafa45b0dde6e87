/**
 * Two kernels from their definition to the limit of the machine, one idea at a time: each step is a class that can be read
 * by itself, and {@code docs/matmul.md} and {@code docs/softmax.md} lead through them. {@link
 * lanewise.benchmarks.ladder.Climb} checks and measures every step.
 */
package lanewise.benchmarks.ladder;
