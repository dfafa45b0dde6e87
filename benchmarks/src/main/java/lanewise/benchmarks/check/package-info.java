/** The regression check: have the kernels become slower, do they allocate, do they run on SIMD at all? */
package lanewise.benchmarks.check;
