/* What the page does beside htmx: suggestions below the box (20), and where the focus stays (30). Everything here is a comfort: without it
   the page is complete. No file needs the others. */
