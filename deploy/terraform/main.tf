terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}

locals {
  datasets = [for name in ["nba_raw", "nba_analytics", "nba_precompute", "nba_predictions"] : "${var.dataset_prefix}${name}"]
}

resource "google_project_service" "needed" {
  for_each           = toset(["bigquery.googleapis.com", "run.googleapis.com", "sqladmin.googleapis.com", "secretmanager.googleapis.com"])
  service            = each.value
  disable_on_destroy = false
}

resource "google_service_account" "fullcourt" {
  account_id   = "fullcourt"
  display_name = "Fullcourt dashboard"
}
