module consumer {
    requires lanewise.kernels;
}
