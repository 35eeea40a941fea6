"""The pictures of the readers' pages: values in, exact places out.

Pure. What a module here computes, a template of the same name draws as SVG inside the page. No colour, no HTML, no route is known here.
"""
