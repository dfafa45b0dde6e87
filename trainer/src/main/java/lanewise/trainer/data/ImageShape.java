package lanewise.trainer.data;

/**
 * The shape of a grey image.
 *
 * @param height rows of pixels, at least 1
 * @param width pixels in a row, at least 1
 */
public record ImageShape(int height, int width) {
    /**
     * Checks that both sides are there.
     *
     * @param height rows of pixels
     * @param width pixels in a row
     * @throws IllegalArgumentException if one is less than 1
     */
    public ImageShape {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("an image of " + height + " x " + width + " pixels");
        }
    }
}
