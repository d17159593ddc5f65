// A page without people of its own: the element signs in at the service's pool and comes back here.

const { service } = await (await fetch("settings.json")).json();
document.querySelector("manyhands-upload").setAttribute("service", service);
