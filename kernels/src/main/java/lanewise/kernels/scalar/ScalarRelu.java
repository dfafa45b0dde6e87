package lanewise.kernels.scalar;

import lanewise.kernels.backend.Kernels;

/** The rectifier and its gradient. */
final class ScalarRelu implements Kernels.Relu {
    @Override
    public void forward(int rows, int cols, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                float value = x[xOffset + i * ldx + j];
                y[yOffset + i * ldy + j] = value <= 0 ? 0 : value;
            }
        }
    }

    @Override
    public void backward(
            int rows,
            int cols,
            float[] y,
            int yOffset,
            int ldy,
            float[] dy,
            int dyOffset,
            int lddy,
            float[] dx,
            int dxOffset,
            int lddx) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                dx[dxOffset + i * lddx + j] = y[yOffset + i * ldy + j] <= 0 ? 0 : dy[dyOffset + i * lddy + j];
            }
        }
    }
}
