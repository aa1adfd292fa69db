# The 400 answers of 2,000 people of tests/reference/answers.py; prints one named value a line.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail")
show <- function(name, value) {
  for (i in seq_along(value)) {
    key <- if (length(value) == 1) name else paste0(name, "_", i)
    cat(key, formatC(as.numeric(value[i]), digits = 15, format = "g"), "\n")
  }
}
i <- 0:399
place <- (i * 7) %% 10
data <- data.frame(
  dep = ifelse(place < 5, 0, ifelse(place < 8, 1, 2)),
  work = as.integer((i * 3) %% 7 < 3),
  age = ((i * 11) %% 13) %/% 5
)
data$y <- (i * i + 3 * data$dep + 2 * data$work) %% 5 + 1
data$z <- pmin(5, pmax(1, data$y + (i %% 3) - 1))
data$top <- as.numeric(data$y >= 4)
data$some <- as.numeric(data$y %in% c(1, 4, 5))
data$topz <- as.numeric(data$z >= 4)
data$people <- 2000
people <- list(dep = c(700, 800, 500), work = c(900, 1100), age = c(600, 900, 500))
known <- function(name) setNames(data.frame(sort(unique(data[[name]])), people[[name]]), c(name, "Freq"))

# raking to three margins, from a simple random sample
simple <- svydesign(ids = ~1, fpc = ~people, data = data)
margins <- list(~dep, ~work, ~age)
raked <- rake(simple, margins, lapply(c("dep", "work", "age"), known),
              control = list(maxit = 500, epsilon = 1e-10))
w <- weights(raked)
first <- !duplicated(data[, c("dep", "work", "age")])
cells <- order(data$dep[first], data$work[first], data$age[first])
show("rake_weight", w[first][cells])
show("rake_deff", nrow(data) * sum(w^2) / sum(w)^2)
design <- calibrate(simple, ~factor(dep) + factor(work) + factor(age),
  population = c(2000, 800, 500, 1100, 900, 500), calfun = "raking", epsilon = 1e-12, maxit = 200)
m <- svymean(~y + top, design)
show("rake_mean", coef(m)); show("rake_se", SE(m)); show("rake_cov", vcov(m)[1, 2])
m <- svymean(~factor(y), design)
show("rake_share", coef(m)); show("rake_share_se", SE(m))
m <- svymean(~y, raked)
show("rake_mean_alone", coef(m)); show("rake_se_alone", SE(m))

# strata: department by workplace
size <- c(250, 450, 300, 500, 350, 150)
data$cell <- data$dep * 2 + data$work
data$heads <- size[data$cell + 1]
strata <- svydesign(ids = ~1, strata = ~cell, fpc = ~heads, data = data)
m <- svymean(~y + top, strata)
show("cell_mean", coef(m)); show("cell_se", SE(m))
m <- svymean(~factor(y), strata)
show("cell_share", coef(m)); show("cell_share_se", SE(m))
by <- svyby(~y + some, ~dep, strata, svymean, covmat = TRUE)
show("dep_mean", by$y); show("dep_se", by$se.y)
N <- c(700, 800, 500)
for (d in 1:3) {
  a <- -N / sum(N[-d]); a[d] <- 1
  for (name in c("y", "some")) {
    k <- setNames(a, paste0(1:3 - 1, ":", name))
    found <- svycontrast(by, list(k))
    show(paste0("rest_", name, "_", d), coef(found)); show(paste0("rest_", name, "_se_", d), SE(found))
  }
}
show("beta", confint(svyciprop(~top, strata, method = "beta")))
show("degf", degf(strata))
test <- svychisq(~dep + y, strata, statistic = "F")
show("rao_scott", c(test$statistic, test$parameter[1], test$p.value))
deps <- svydesign(ids = ~1, strata = ~dep, fpc = ~N[dep + 1], data = data)
test <- svychisq(~dep + top, deps, statistic = "F")
show("rao_scott_top", c(test$statistic, test$parameter[1], test$p.value))

# plain tests and effect sizes
counts <- table(data$dep, data$y)
test <- chisq.test(counts, correct = FALSE)
show("chisq", c(test$statistic, test$parameter, test$p.value))
n <- sum(counts); r <- nrow(counts); k <- ncol(counts)
phi <- max(0, test$statistic / n - (r - 1) * (k - 1) / (n - 1))
show("bergsma", sqrt(phi / min(r - (r - 1)^2 / (n - 1) - 1, k - (k - 1)^2 / (n - 1) - 1)))
strong <- matrix(c(30, 10, 5, 20, 40, 15), 2, byrow = TRUE)
test <- chisq.test(strong, correct = FALSE); n <- sum(strong)
phi <- max(0, test$statistic / n - 2 / (n - 1))
show("bergsma_strong", sqrt(phi / min(2 - 1 / (n - 1) - 1, 3 - 4 / (n - 1) - 1)))
test <- kruskal.test(y ~ dep, data = data)
show("kruskal", c(test$statistic, test$parameter, test$p.value))
show("fisher", fisher.test(matrix(c(1, 5, 12, 4), 2))$p.value)
raw <- c(.001, .008, .039, .041, .042, .06, .074, .205, .212, .216)
show("bh", p.adjust(raw, "BH")); show("holm", p.adjust(raw, "holm"))

# shares
show("wilson", prop.test(56, 70, correct = FALSE)$conf.int)
show("binom", binom.test(56, 70)$conf.int)
q <- qchisq(1 - .05 / 5, 1); x <- as.numeric(table(data$y)); n <- 400
e <- n * 1999 / 1600
show("goodman_low", (q + 2 * x / n * e - sqrt(q * (q + 4 * x / n * e * (1 - x / n)))) / (2 * (e + q)))
show("goodman_high", (q + 2 * x / n * e + sqrt(q * (q + 4 * x / n * e * (1 - x / n)))) / (2 * (e + q)))
low <- min(which(phyper(6, 0:90, 90 - 0:90, 30, lower.tail = FALSE) > .025)) - 1
high <- max(which(phyper(7, 0:90, 90 - 0:90, 30) > .025)) - 1
show("hyper", c(low, high) / 90)

# pairs of answers of the same people
gap <- svymean(~I(z - y) + I(topz - top), simple)
show("gap", coef(gap)); show("gap_se", SE(gap)); show("gap_mean_ci", confint(gap, df = 399)[1, ])
# reliability
data$third <- (data$y + data$z + (i %% 2)) %% 5 + 1
data$fourth <- pmin(5, pmax(1, data$y + ((i * 5) %% 4) - 1))
items <- cbind(data$y, data$z, 6 - data$third, data$fourth)
k <- 4; V <- cov(items); alpha <- k / (k - 1) * (1 - sum(diag(V)) / sum(V))
show("alpha", alpha)
show("feldt", c(1 - (1 - alpha) * qf(.975, 399, 399 * 3), 1 - (1 - alpha) * qf(.025, 399, 399 * 3)))
drop <- function(j) { W <- cov(items[, -j]); 3 / 2 * (1 - sum(diag(W)) / sum(W)) }
show("alpha_without", sapply(1:4, drop))
show("item_rest", sapply(1:4, function(j) cor(items[, j], rowSums(items[, -j]))))
# Welch and Brunner-Munzel against the rest, populations without end
t <- t.test(data$y[data$dep == 0], data$y[data$dep != 0])
show("welch", c(t$statistic, t$parameter, t$p.value, t$conf.int))
show("median", sapply(0:2, function(d) median(data$y[data$dep == d])))
# a small group of two kinds: every choice of people within their kind, weighted 20/6 and 60/9
chances <- function(n, yes, no, total) {
  p <- numeric(2 * n + 1)
  for (a in 0:min(n, yes)) for (b in 0:min(n - a, no)) if (n - a - b <= total - yes - no) {
    ways <- choose(yes, a) * choose(no, b) * choose(total - yes - no, n - a - b)
    p[a - b + n + 1] <- p[a - b + n + 1] + ways / choose(total, n)
  }
  p
}
first <- chances(6, 12, 13, 36); second <- chances(9, 15, 6, 34)
away <- outer(20 / 6 * ((-6:6) - 6 * -1 / 36), 60 / 9 * ((-9:9) - 9 * 9 / 34), "+")
seen <- 20 / 6 * (3 - 6 * -1 / 36) + 60 / 9 * (5 - 9 * 9 / 34)
show("permuted", sum(outer(first, second)[abs(away) >= abs(seen) - 1e-9]))
show("hypergeometric", sum(dhyper(0:12, 40, 52, 12)[abs(0:12 - 12 * 40 / 92) >= abs(10 - 12 * 40 / 92) - 1e-9]))
# Agresti and Coull at n(N-1)/(N-n)
agresti <- function(x, n, N) {
  m <- if (is.finite(N)) n * (N - 1) / (N - n) else n
  z <- qnorm(.975); p <- (x / n * m + z^2 / 2) / (m + z^2)
  c(max(p - z * sqrt(p * (1 - p) / (m + z^2)), 0), min(p + z * sqrt(p * (1 - p) / (m + z^2)), 1))
}
show("agresti_coull", c(agresti(12, 40, Inf), agresti(12, 40, 120), agresti(3, 200, 900)))
