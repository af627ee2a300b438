import express, { type Express } from 'express';
import type { Registry } from 'prom-client';

/** Serves `GET /metrics` in the text format of Prometheus. For a port of its own, never for the public one. */
export function createMetricsApp(registry: Registry): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.get('/metrics', async (_req, res) => {
    const text = await registry.metrics();
    res.setHeader('Content-Type', registry.contentType);
    res.setHeader('Cache-Control', 'no-store');
    res.end(text);
  });
  app.use((_req, res) => {
    res.statusCode = 404;
    res.end();
  });
  return app;
}
