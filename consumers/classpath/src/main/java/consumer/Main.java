package consumer;

import java.util.Arrays;
import lanewise.kernels.Diagnostics;
import lanewise.kernels.Sgemm;
import lanewise.kernels.Softmax;
import lanewise.kernels.Transpose;

/** Multiplies two matrices of 2 x 2 and takes the softmax of two rows. */
public final class Main {
    public static void main(String[] args) {
        float[] a = {1, 2, 3, 4};
        float[] b = {5, 6, 7, 8};
        float[] c = new float[4];
        Sgemm.sgemm(Transpose.N, Transpose.N, 2, 2, 2, 1, a, 0, 2, b, 0, 2, 0, c, 0, 2);
        float[] p = {0, 0, 100, -100};
        Softmax.softmax(2, 2, p, 0, 2, p, 0, 2);
        System.out.println(Diagnostics.backend() + " " + Arrays.toString(c) + " " + Arrays.toString(p));
    }
}
