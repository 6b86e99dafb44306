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

variable "operators" {
  type        = list(string)
  description = "Who may open the dashboard, as IAM members: user:, group: or domain:."
}
