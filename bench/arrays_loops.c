/* What C does in one loop each: the floor that bench/arrays.py measures from. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The sum of x, by all cores. */
double total(const double *x, long n) {
    double sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(static)
    for (long i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

/* out = sin(x)**2 + exp(-y) * z */
void fused(const double *x, const double *y, const double *z, double *out, long n) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i++) {
        double s = sin(x[i]);
        out[i] = s * s + exp(-y[i]) * z[i];
    }
}

/* The sum of (x - mean) / variance over the columns: one pass for both, one for the sum. */
double standardised(const double *x, long rows, long columns) {
    double *sums = calloc(2 * columns, sizeof(double));
    double result = 0;
#pragma omp parallel
    {
        double *own = calloc(2 * columns, sizeof(double));
#pragma omp for schedule(static)
        for (long i = 0; i < rows; i++)
            for (long j = 0; j < columns; j++) {
                double d = x[i * columns + j] - x[j]; /* from the first row: nothing cancels */
                own[j] += d;
                own[columns + j] += d * d;
            }
#pragma omp critical
        for (long j = 0; j < 2 * columns; j++)
            sums[j] += own[j];
        free(own);
    }
    double *mean = malloc(columns * sizeof(double)), *factor = malloc(columns * sizeof(double));
    for (long j = 0; j < columns; j++) {
        double d = sums[j] / rows;
        mean[j] = x[j] + d;
        factor[j] = 1 / (sums[columns + j] / rows - d * d);
    }
#pragma omp parallel for reduction(+ : result) schedule(static)
    for (long i = 0; i < rows; i++)
        for (long j = 0; j < columns; j++)
            result += (x[i * columns + j] - mean[j]) * factor[j];
    free(sums), free(mean), free(factor);
    return result;
}
