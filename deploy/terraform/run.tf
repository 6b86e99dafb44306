resource "google_cloud_run_v2_service" "fullcourt" {
  name     = "fullcourt"
  location = var.region
  ingress  = "INGRESS_TRAFFIC_ALL"

  template {
    service_account = google_service_account.fullcourt.email

    # One is enough, and always there; more share the queue over Postgres.
    scaling {
      min_instance_count = 1
      max_instance_count = 1
    }

    volumes {
      name = "cloudsql"
      cloud_sql_instance {
        instances = [google_sql_database_instance.state.connection_name]
      }
    }

    containers {
      image = var.image

      resources {
        # A run goes on when no request is open.
        cpu_idle = false
        limits = {
          cpu    = "2"
          memory = "2Gi"
        }
      }

      ports {
        container_port = 8080
      }

      volume_mounts {
        name       = "cloudsql"
        mount_path = "/cloudsql"
      }

      startup_probe {
        http_get {
          path = "/api/ready"
        }
        period_seconds    = 5
        failure_threshold = 12
      }

      liveness_probe {
        http_get {
          path = "/api/live"
        }
        period_seconds = 30
      }

      env {
        name  = "FULLCOURT_WAREHOUSE"
        value = "bigquery"
      }
      env {
        name  = "BIGQUERY_PROJECT"
        value = var.project
      }
      env {
        name  = "BIGQUERY_LOCATION"
        value = var.location
      }
      env {
        name  = "BIGQUERY_DATASET_PREFIX"
        value = var.dataset_prefix
      }
      env {
        name  = "BIGQUERY_MAX_BYTES_PER_RUN"
        value = tostring(var.max_bytes_per_run)
      }
      env {
        name  = "FULLCOURT_READ_ONLY"
        value = tostring(var.read_only)
      }
      env {
        name  = "FULLCOURT_URL"
        value = var.url
      }
      env {
        name  = "FULLCOURT_TRUSTED_PROXIES"
        value = tostring(var.trusted_proxies)
      }
      env {
        name  = "FULLCOURT_ADMINS"
        value = join(",", var.admins)
      }
      env {
        name  = "OIDC_ISSUER"
        value = var.oidc_issuer
      }
      env {
        name  = "OIDC_CLIENT_ID"
        value = var.oidc_client_id
      }
      env {
        name  = "OIDC_DOMAINS"
        value = join(",", var.oidc_domains)
      }
      env {
        name = "FULLCOURT_AUTH_SECRET"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.sign_in["auth-secret"].secret_id
            version = "latest"
          }
        }
      }
      env {
        name = "OIDC_CLIENT_SECRET"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.sign_in["oidc-client-secret"].secret_id
            version = "latest"
          }
        }
      }
      env {
        name = "DATABASE_URL"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.database_url.secret_id
            version = "latest"
          }
        }
      }
    }
  }

  depends_on = [
    google_bigquery_dataset_iam_member.data,
    google_project_iam_member.jobs,
    google_project_iam_member.state,
    google_secret_manager_secret_iam_member.database_url,
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_iam_member.sign_in,
    google_secret_manager_secret_version.sign_in,
  ]
}

# Fullcourt signs people in itself; who may reach that page can be narrowed further.
resource "google_cloud_run_v2_service_iam_member" "invokers" {
  for_each = toset(var.invokers)
  name     = google_cloud_run_v2_service.fullcourt.name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}

output "url" {
  value = google_cloud_run_v2_service.fullcourt.uri
}
