resource "random_password" "auth_secret" {
  length  = 64
  special = false
}

locals {
  sign_in = {
    "auth-secret"        = random_password.auth_secret.result
    "oidc-client-secret" = var.oidc_client_secret
  }
}

# Names only: what is secret must not be a key.
resource "google_secret_manager_secret" "sign_in" {
  for_each  = toset(["auth-secret", "oidc-client-secret"])
  secret_id = "fullcourt-${each.value}"
  replication {
    auto {}
  }
  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret_version" "sign_in" {
  for_each    = google_secret_manager_secret.sign_in
  secret      = each.value.id
  secret_data = local.sign_in[each.key]
}

resource "google_secret_manager_secret_iam_member" "sign_in" {
  for_each  = google_secret_manager_secret.sign_in
  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.fullcourt.member
}
