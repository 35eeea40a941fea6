/* What the page does beside htmx: suggestions below the box (20), where the focus stays (30), what goes with results that follow the
   typing (40). Everything here is a comfort: without it the page is complete. No file needs the others. */
