const place = document.querySelector('#visits');

try {
  const response = await fetch('/api/visits', { method: 'POST' });
  if (!response.ok) throw new Error(`the API answered ${response.status}`);
  const { visits, instance } = await response.json();
  place.textContent = `Visit number ${visits}, counted by ${instance}.`;
} catch (error) {
  place.textContent = `There is no number of visits: ${error.message}`;
}
