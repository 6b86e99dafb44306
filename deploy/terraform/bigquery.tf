resource "google_bigquery_dataset" "fullcourt" {
  for_each   = var.create_datasets ? toset(local.datasets) : toset([])
  dataset_id = each.value
  location   = var.location
  depends_on = [google_project_service.needed]
}

resource "google_project_iam_member" "jobs" {
  project = var.project
  role    = "roles/bigquery.jobUser"
  member  = google_service_account.fullcourt.member
}

# The datasets alone, not the project: nothing else can be read or written.
resource "google_bigquery_dataset_iam_member" "data" {
  for_each   = toset(local.datasets)
  dataset_id = each.value
  role       = var.read_only ? "roles/bigquery.dataViewer" : "roles/bigquery.dataEditor"
  member     = google_service_account.fullcourt.member
  depends_on = [google_bigquery_dataset.fullcourt]
}
