resource "google_sql_database_instance" "state" {
  name                = "fullcourt"
  database_version    = "POSTGRES_16"
  region              = var.region
  deletion_protection = true
  depends_on          = [google_project_service.needed]

  settings {
    tier    = "db-f1-micro"
    edition = "ENTERPRISE"
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }
  }
}

resource "google_sql_database" "state" {
  name     = "fullcourt"
  instance = google_sql_database_instance.state.name
}

resource "random_password" "state" {
  length  = 32
  special = false
}

resource "google_sql_user" "state" {
  name     = "fullcourt"
  instance = google_sql_database_instance.state.name
  password = random_password.state.result
}

resource "google_secret_manager_secret" "database_url" {
  secret_id  = "fullcourt-database-url"
  depends_on = [google_project_service.needed]
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "database_url" {
  secret      = google_secret_manager_secret.database_url.id
  secret_data = "postgres://fullcourt:${random_password.state.result}@localhost/fullcourt?host=/cloudsql/${google_sql_database_instance.state.connection_name}"
}

resource "google_secret_manager_secret_iam_member" "database_url" {
  secret_id = google_secret_manager_secret.database_url.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.fullcourt.member
}

resource "google_project_iam_member" "state" {
  project = var.project
  role    = "roles/cloudsql.client"
  member  = google_service_account.fullcourt.member
}
