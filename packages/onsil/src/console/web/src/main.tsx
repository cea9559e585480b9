import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LiveProvider } from './api/live.tsx';
import { App } from './app.tsx';
import { LanguageProvider } from './text.tsx';
import './style.css';

const queries = new QueryClient({
  defaultOptions: {
    // The server is on this machine: what failed once says why, and is asked again by hand.
    queries: { retry: false, refetchOnWindowFocus: false, staleTime: Number.POSITIVE_INFINITY },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <LiveProvider>
          <App />
        </LiveProvider>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
