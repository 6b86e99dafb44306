variable "project" {
  type        = string
  description = "Google Cloud project of everything here."
}

variable "region" {
  type        = string
  description = "Region of Cloud Run and Cloud SQL."
  default     = "us-central1"
}

variable "location" {
  type        = string
  description = "Location of the BigQuery datasets."
  default     = "US"
}

variable "image" {
  type        = string
  description = "The image of the Dockerfile, with its tag."
}

variable "dataset_prefix" {
  type        = string
  description = "Put before the names of the datasets."
  default     = ""
}

variable "create_datasets" {
  type        = bool
  description = "False where another program has made the datasets."
  default     = true
}

variable "read_only" {
  type        = bool
  description = "The datasets are only looked at."
  default     = false
}

variable "max_bytes_per_run" {
  type        = number
  description = "Most bytes that the tasks of one run may read together."
  default     = 1099511627776
}

variable "url" {
  type        = string
  description = "Address of the dashboard, as people's browsers have it: Cloud Run's own or a domain of yours."
}

variable "admins" {
  type        = list(string)
  description = "Addresses of those who are always administrators; others they add themselves."
}

variable "oidc_issuer" {
  type        = string
  description = "The OpenID Connect provider by which people sign in."
  default     = "https://accounts.google.com"
}

variable "oidc_client_id" {
  type        = string
  description = "Client at the provider; its redirect address is URL/api/auth/callback/oidc."
}

variable "oidc_client_secret" {
  type        = string
  description = "Secret of that client; kept in Secret Manager."
  sensitive   = true
}

variable "oidc_domains" {
  type        = list(string)
  description = "Whoever has an address there may come in as a viewer without having been added."
  default     = []
}

variable "invokers" {
  type        = list(string)
  description = "Who may reach the sign-in page at all, as IAM members."
  default     = ["allUsers"]
}

variable "trusted_proxies" {
  type        = number
  description = "Proxies before the server: Cloud Run's own, and one more for each load balancer or CDN before it."
  default     = 1
}
